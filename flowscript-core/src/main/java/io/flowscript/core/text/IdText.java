package io.flowscript.core.text;

import java.util.regex.Pattern;

/** The form of the ids of executions. It makes them safe in paths, header fields and logs. Stateless; safe for use by any thread. */
public final class IdText {

    /** The form, in words. */
    public static final String FORM = "1 to 128 characters: letters, digits, and . _ : - (but not . or ..)";

    private static final Pattern EXECUTION_ID = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._:-]{1,128}+");

    private IdText() {}

    /**
     * Checks the form of an id.
     *
     * @param text any text
     * @return whether an execution can have it as its id
     */
    public static boolean isExecutionId(String text) {
        return EXECUTION_ID.matcher(text).matches();
    }
}
