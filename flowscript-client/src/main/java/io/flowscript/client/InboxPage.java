package io.flowscript.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the inbox. Immutable; safe for use by any thread.
 *
 * @param items the interactions, the oldest first. A page can hold fewer than its limit, even none, and yet have a next one.
 * @param next the {@linkplain InboxFilter#cursor cursor} of the next page; null after the last
 * @since 0.1.0
 */
public record InboxPage(List<InboxItem> items, @Nullable String next) {

    /**
     * Copies the items.
     *
     * @param items the interactions
     * @param next the cursor of the next page, or null
     */
    public InboxPage {
        items = List.copyOf(items);
    }

    static InboxPage of(Message message) {
        List<InboxItem> items = new ArrayList<>();
        if (message.data().get("interactions") instanceof List<?> list) {
            list.forEach(each -> items.add(InboxItem.of(Message.object(each))));
        }
        return new InboxPage(items, message.optionalText("next"));
    }
}
