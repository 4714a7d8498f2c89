package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sink is given one part after the other")
class SinkWriterTest {

    private final List<String> told = new ArrayList<>();
    private final List<SendCallback> waiting = new ArrayList<>();
    private boolean takesAtOnce;
    private final SinkWriter writer = new SinkWriter(new Sink(), () -> told.add("broken"));

    @Test
    void waitsUntilAPartWasTaken() {
        writer.write(bytes(1), done("first"));
        writer.write(bytes(2), done("second"));
        writer.end();
        assertThat(told).containsExactly("write 1");
        waiting.get(0).sent();
        assertThat(told).containsExactly("write 1", "first sent", "write 2");
        waiting.get(1).sent();
        assertThat(told).containsExactly("write 1", "first sent", "write 2", "second sent", "end");
    }

    @Test
    @DisplayName("and the stack does not grow with parts that are taken at once")
    void goesOnWithoutRecursion() {
        takesAtOnce = true;
        int parts = 100_000;
        writer.write(bytes(0), new SendCallback() {
            private int left = parts;

            @Override
            public void sent() {
                if (left-- > 0) {
                    writer.write(bytes(0), this);
                }
            }

            @Override
            public void failed(Throwable cause) {}
        });
        assertThat(told).hasSize(parts + 1);
    }

    @Test
    void cutsOffWhenAPartFailed() {
        writer.write(bytes(1), done("first"));
        writer.end();
        waiting.get(0).failed(new IOException("gone"));
        assertThat(told).containsExactly("write 1", "broken", "first failed", "abort gone");
    }

    private static ByteBuffer bytes(int number) {
        return ByteBuffer.wrap(new byte[] {(byte) number});
    }

    private SendCallback done(String name) {
        return new SendCallback() {
            @Override
            public void sent() {
                told.add(name + " sent");
            }

            @Override
            public void failed(Throwable cause) {
                told.add(name + " failed");
            }
        };
    }

    private final class Sink implements EventSink {

        @Override
        public void respond(HttpResponse response) {}

        @Override
        public void start(HttpResponse head) {}

        @Override
        public void write(ByteBuffer bytes, SendCallback taken) {
            told.add("write " + bytes.get(0));
            if (takesAtOnce) {
                taken.sent();
            } else {
                waiting.add(taken);
            }
        }

        @Override
        public void end() {
            told.add("end");
        }

        @Override
        public void abort(Throwable cause) {
            told.add("abort " + cause.getMessage());
        }
    }
}
