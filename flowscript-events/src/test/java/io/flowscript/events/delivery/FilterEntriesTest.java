package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.json.protocol.EventFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FilterEntriesTest {

    @Test
    @DisplayName("there are as many names as a count of all filters finds, each filter once, whatever comes and goes")
    void countsAsACountOfAllWould() {
        Random random = new Random(3);
        FilterEntries entries = new FilterEntries();
        List<EventFilter> shared = new ArrayList<>();
        for (int size = 0; size < 5; size++) {
            shared.add(filter(size));
        }
        List<EventFilter> all = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            EventFilter filter = random.nextBoolean() ? shared.get(random.nextInt(5)) : filter(random.nextInt(3));
            EventFilter replaced = all.isEmpty() || random.nextBoolean() ? null : all.get(random.nextInt(all.size()));
            List<EventFilter> next = new ArrayList<>(all);
            next.add(filter);
            if (replaced != null) {
                next.remove(indexOf(next, replaced));
            }
            assertThat(entries.with(filter, replaced)).isEqualTo(count(next));
            if (random.nextInt(all.size() + 10) < 10) {
                entries.add(filter);
                if (replaced != null) {
                    entries.remove(replaced);
                }
                all = next;
            } else {
                entries.remove(all.remove(random.nextInt(all.size())));
            }
        }
    }

    private static EventFilter filter(int names) {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < names; i++) {
            nodes.add("node-" + i);
        }
        return new EventFilter(Set.of(), Set.copyOf(nodes));
    }

    @SuppressWarnings("ReferenceEquality") // filters count once for each object
    private static int indexOf(List<EventFilter> all, EventFilter wanted) {
        int at = 0;
        while (all.get(at) != wanted) {
            at++;
        }
        return at;
    }

    private static int count(List<EventFilter> all) {
        Set<EventFilter> each = Collections.newSetFromMap(new IdentityHashMap<>());
        each.addAll(all);
        return each.stream().mapToInt(EventFilter::size).sum();
    }
}
