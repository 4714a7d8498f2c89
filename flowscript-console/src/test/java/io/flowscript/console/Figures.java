package io.flowscript.console;

/** What the parts in the browser measure, on demand: {@code -Dconsole.figures=true}. */
final class Figures {

    private Figures() {}

    static void tell(String part, String figures) {
        if (!figures.isEmpty() && Boolean.getBoolean("console.figures")) {
            System.out.println(part + ": " + figures);
        }
    }
}
