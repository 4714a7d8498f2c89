package io.flowscript.json;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of any type there is, with any values there could be. It finds the types by walking the sealed types, and
 * their fields by the components of their records, so that a new type or field needs nothing here.
 */
final class AnyEvent {

    private final Random random;

    /** Whether what may be null is null always, never, or as the seed says. */
    private final Nulls nulls;

    enum Nulls {
        ALL,
        NONE,
        SOME
    }

    AnyEvent(int seed, Nulls nulls) {
        this.random = new Random(seed);
        this.nulls = nulls;
    }

    /** The records of all events, however deep in the sealed types. */
    static List<Class<?>> records() {
        return records(Event.class);
    }

    private static List<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(permitted -> records(permitted).stream())
                        .toList()
                : List.of(type);
    }

    Event event() {
        return event(records().get(random.nextInt(records().size())));
    }

    Event event(Class<?> type) {
        return (Event) make(type);
    }

    private Object make(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            return type.getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(Arrays.stream(components).map(this::component).toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("No " + type.getName() + " can be made", e);
        }
    }

    private @Nullable Object component(RecordComponent component) {
        boolean isNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                && (nulls == Nulls.ALL || (nulls == Nulls.SOME && random.nextBoolean()));
        return isNull ? null : any(component.getType());
    }

    private Object any(Class<?> type) {
        if (type == String.class) {
            return text();
        }
        if (type == int.class) {
            return random.nextInt();
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        }
        if (type == Duration.class) {
            return Duration.ofSeconds(random.nextInt(1_000_000), random.nextInt(1_000_000_000));
        }
        if (type == Map.class) {
            return object(3);
        }
        if (type == Object.class) {
            return random.nextBoolean() ? object(3) : random.nextInt();
        }
        if (type == EventType.class) {
            return EventType.of("a:" + random.nextInt(9));
        }
        if (type == Assignment.class) {
            return new Assignment(List.of(text(), text()).subList(0, random.nextInt(3)), List.of(text()));
        }
        if (type.isRecord()) {
            return make(type);
        }
        throw new AssertionError("AnyEvent makes no values of the type " + type.getName());
    }

    String text() {
        StringBuilder out = new StringBuilder();
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            out.append((char) (random.nextInt(5) == 0 ? random.nextInt(0x10000) : 'a' + random.nextInt(26)));
        }
        return out.toString();
    }

    Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            out.put((random.nextInt(4) == 0 ? "@" : "") + text(), value(depth - 1));
        }
        return out;
    }

    @Nullable
    Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 13 : 10)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> (long) random.nextInt(100);
            case 5 -> random.nextGaussian();
            case 6 -> new BigDecimal(new BigInteger(random.nextInt(80), random), random.nextInt(40) - 20);
            case 7 -> new BigInteger(random.nextInt(400), random);
            case 8, 9 -> text();
            case 10 -> list(depth);
            default -> object(depth);
        };
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> out = new ArrayList<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            out.add(value(depth - 1));
        }
        return out;
    }
}
