package io.flowscript.core.event;

import io.flowscript.json.EventCodec;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * An event gets bytes and lets go of its object, and a bridge moves the bytes, while others read it and take it over into another
 * epoch: there is always an object or there are bytes, and both are the same event.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Whoever reads it gets the event.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Somebody gets another event, or none.")
@State
public class EncodedEventStress {
    private static final Event EVENT = new CustomEvent(EventType.of("test:tick"), null, null, 7L, null);
    private static final EncodedEvent BYTES = bytes();
    private static final byte[] ELSEWHERE = BYTES.message();

    private final RecordedEvent event = recorded();

    private static RecordedEvent recorded() {
        return new RecordedEvent("run-1", "flow", "epoch-1", 1, Instant.EPOCH, EVENT);
    }

    private static EncodedEvent bytes() {
        RecordedEvent recorded = recorded();
        byte[] unused = EventCodec.write(List.of(recorded));
        return Objects.requireNonNull(recorded.encoded());
    }

    @Actor
    public void encodeAndMove() {
        event.encodedAs(BYTES);
        event.keepBytesOnly();
        event.encodedAs(BYTES.movedTo(ELSEWHERE, 0));
    }

    @Actor
    public void readAndTakeOver(ZZ_Result result) {
        RecordedEvent same = event.inEpoch("epoch-2");
        result.r1 = event.event().equals(EVENT) && event.type().equals(EVENT.type());
        result.r2 = same.event().equals(EVENT);
    }
}
