package io.flowscript.core.workflow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as it was written. Immutable.
 *
 * <p>It may be wrong: its {@link #problems} are kept and reported, together with what only an engine can know (whether its nodes
 * exist), all at once when it is registered.
 *
 * @since 0.1.0
 */
public interface WorkflowDefinition {

    /** {@return the id; empty when the document has none, which is one of its problems} */
    String id();

    /** {@return the name for people; the id when it has none} */
    String name();

    /** {@return what it is for; empty when it does not say} */
    String description();

    /** {@return the state that an execution begins with} */
    Map<String, @Nullable Object> initialState();

    /** {@return the script, as far as it could be read} */
    List<Element> elements();

    /** {@return the document, frozen} */
    Map<String, @Nullable Object> document();

    /** {@return a hash of the document that does not depend on the order of keys: 64 hexadecimal digits} */
    String hash();

    /** {@return what is wrong with its shape; empty when nothing is} */
    List<Problem> problems();
}
