package io.flowscript.engine.program;

import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import io.flowscript.core.workflow.Element;
import io.flowscript.core.workflow.Element.Step;
import io.flowscript.core.workflow.Problem;
import io.flowscript.engine.program.ConfigCompiler.NameRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds names in templates and expressions that nothing gives. An input and a node can give any name, so only two kinds
 * are certain enough for a warning: a name that is nearly one that the workflow gives, and {@code previous} where there
 * is no step before.
 */
final class UnknownNames {

    private static final int SHORTEST = 4;

    /** The names that the workflow itself gives: those of its initial state and of its state keys. */
    private final Set<String> given;

    private final List<Problem> warnings = new ArrayList<>();

    UnknownNames(Set<String> given) {
        this.given = given;
    }

    /**
     * Returns the warnings.
     *
     * @param elements the elements of the workflow
     * @param read the names that its templates and expressions read
     */
    List<Problem> warnings(List<Element> elements, List<NameRead> read) {
        String first = first(elements);
        List<String> loops = new ArrayList<>();
        elements.forEach(element -> addLoops(element, loops));
        for (NameRead name : read) {
            if (name.name().equals(Variables.PREVIOUS)) {
                if (first != null && name.pointer().startsWith(first)) {
                    warn(name, "there is no step before this one, so it is null", null);
                }
            } else if (loops.stream().noneMatch(name.pointer()::startsWith)) {
                checkSpelling(name);
            }
        }
        return warnings;
    }

    private void checkSpelling(NameRead name) {
        String read = name.name();
        if (read.length() < SHORTEST || given.contains(read)) {
            return;
        }
        String meant = Names.closest(read, given);
        // An item and its items, an order and its orders: both can be there.
        if (meant != null && !meant.startsWith(read) && !read.startsWith(meant)) {
            warn(name, "the workflow itself gives no such name; an input or a node must give it", meant);
        }
    }

    private void warn(NameRead name, String why, @Nullable String meant) {
        warnings.add(Problem.warning(
                        name.pointer(), "unknown_name", "\"" + Printable.line(name.name(), 128) + "\": " + why + ".")
                .suggesting(meant));
    }

    /** The place of the step that runs first and only once; null when that is not certain. */
    private static @Nullable String first(List<Element> elements) {
        if (elements.isEmpty() || elements.stream().anyMatch(UnknownNames::jumps)) {
            return null;
        }
        Element first = elements.get(0);
        if (first instanceof Element.Branch branch) {
            return branch.condition().pointer() + "/";
        }
        return first instanceof Step ? first.pointer() + "/" : null;
    }

    private static boolean jumps(Element element) {
        if (element instanceof Element.Branch branch) {
            return branch.flows().values().stream()
                    .anyMatch(flow -> flow.stream().anyMatch(UnknownNames::jumps));
        }
        return element instanceof Element.LoopTo
                || (element instanceof Element.Loop loop && loop.body().stream().anyMatch(UnknownNames::jumps));
    }

    /** Adds the places of the outermost loops, whose controllers can give any name. */
    private static void addLoops(Element element, List<String> loops) {
        if (element instanceof Element.Loop loop) {
            loops.add(loop.pointer() + "/");
        } else if (element instanceof Element.Branch branch) {
            branch.flows().values().forEach(flow -> flow.forEach(inside -> addLoops(inside, loops)));
        }
    }
}
