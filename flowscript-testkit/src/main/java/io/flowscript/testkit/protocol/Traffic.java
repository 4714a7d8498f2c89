package io.flowscript.testkit.protocol;

import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Records which messages were exchanged in both directions over all cases, and checks each against its schema. For
 * one thread.
 */
final class Traffic {

    private final ProtocolDocument document = ProtocolDocument.get();
    private final Map<Sender, Set<String>> seen = new EnumMap<>(Sender.class);

    ProtocolDocument document() {
        return document;
    }

    void saw(Sender sender, @Nullable Object message) {
        if (message instanceof Map<?, ?> fields && fields.get("type") instanceof String type) {
            seen.computeIfAbsent(sender, side -> new TreeSet<>()).add(type);
        }
    }

    /** Returns the types that were not seen. */
    Set<String> missing(Sender sender) {
        Set<String> missing = document.types(sender);
        missing.removeAll(seen.getOrDefault(sender, Set.of()));
        return missing;
    }
}
