package io.flowscript.core.text;

import java.util.ArrayList;
import java.util.List;

/** Builds and splits JSON Pointers (RFC 6901). The empty pointer is the whole document. Stateless; safe for use by any thread. */
public final class JsonPointer {

    private JsonPointer() {}

    /**
     * The pointer to the value of a key.
     *
     * @param pointer the pointer to the object
     * @param key the key, not escaped
     * @return the pointer to the value
     */
    public static String key(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    /**
     * The pointer to an item of an array.
     *
     * @param pointer the pointer to the array
     * @param index the index, from 0
     * @return the pointer to the item
     */
    public static String item(String pointer, int index) {
        return pointer + "/" + index;
    }

    /**
     * Splits a pointer into its keys and indexes.
     *
     * @param pointer the pointer
     * @return the keys and indexes, not escaped, outermost first; empty for the whole document
     */
    public static List<String> parts(String pointer) {
        List<String> parts = new ArrayList<>();
        if (!pointer.isEmpty()) {
            for (String part : pointer.substring(1).split("/", -1)) {
                parts.add(part.replace("~1", "/").replace("~0", "~"));
            }
        }
        return parts;
    }
}
