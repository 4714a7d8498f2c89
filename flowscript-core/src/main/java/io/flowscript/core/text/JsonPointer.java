package io.flowscript.core.text;

import java.util.ArrayList;
import java.util.List;

/** JSON Pointers (RFC 6901) as strings; the empty one is the whole document. Stateless; safe for use by any thread. */
public final class JsonPointer {

    private JsonPointer() {}

    /**
     * The place of a key in an object.
     *
     * @param pointer the object's place
     * @param key the key
     * @return the place
     */
    public static String key(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    /**
     * The place of an item in an array.
     *
     * @param pointer the array's place
     * @param index the index, from 0
     * @return the place
     */
    public static String item(String pointer, int index) {
        return pointer + "/" + index;
    }

    /**
     * The keys and indexes of a place.
     *
     * @param pointer the place
     * @return its parts, unescaped, outermost first
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
