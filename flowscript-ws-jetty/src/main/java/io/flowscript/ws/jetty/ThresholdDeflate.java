package io.flowscript.ws.jetty;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Extension;
import org.eclipse.jetty.websocket.core.ExtensionConfig;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.IncomingFrames;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.OutgoingFrames;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketExtensionRegistry;
import org.eclipse.jetty.websocket.core.exception.BadPayloadException;
import org.eclipse.jetty.websocket.core.util.DemandChain;
import org.jspecify.annotations.Nullable;

/**
 * Compression of messages (RFC 7692) above a size, each on its own: no connection keeps a window. What comes in is inflated by Jetty's own
 * extension; what goes out is compressed here, since that one knows no threshold. A message goes out as a single frame, so order is kept
 * between those that are compressed and those that are not.
 */
final class ThresholdDeflate implements Extension, DemandChain {

    static final String NAME = "permessage-deflate";

    private static final ExtensionConfig ANSWER =
            ExtensionConfig.parse(NAME + ";server_no_context_takeover;client_no_context_takeover");
    /** What a sync flush ends with; it is left out on the wire (RFC 7692, section 7.2.1). */
    private static final int TAIL_BYTES = 4;

    private static final String LARGEST_WINDOW = "15";
    private static final Pattern WINDOW_BITS = Pattern.compile("[89]|1[0-5]");
    private static final int SPARE_BYTES = 64;

    private final Extension jetty;
    private final DeflaterPool deflaters;
    private final int threshold;
    private @Nullable OutgoingFrames out;

    private ThresholdDeflate(Extension jetty, DeflaterPool deflaters, int threshold) {
        this.jetty = jetty;
        this.deflaters = deflaters;
        this.threshold = threshold;
    }

    /**
     * The extensions of a server that compresses.
     *
     * @param threshold the smallest message that is compressed, in bytes
     * @return the registry
     */
    static WebSocketExtensionRegistry registry(int threshold) {
        return new WebSocketExtensionRegistry() {
            @Override
            public @Nullable Extension newInstance(ExtensionConfig config, WebSocketComponents components) {
                Extension made = super.newInstance(config, components);
                return made != null && config.getName().equals(NAME)
                        ? new ThresholdDeflate(made, components.getDeflaterPool(), threshold)
                        : made;
            }
        };
    }

    /**
     * What the server answers to a client's offers.
     *
     * @param offers what the client offered
     * @return one extension or none
     */
    static List<ExtensionConfig> answer(List<ExtensionConfig> offers) {
        boolean offered = offers.stream()
                .anyMatch(offer -> offer.getName().equals(NAME)
                        && offer.getParameters().entrySet().stream()
                                .allMatch(parameter -> canBeHad(parameter.getKey(), parameter.getValue())));
        return offered ? List.of(new ExtensionConfig(ANSWER)) : List.of();
    }

    /**
     * Whether a parameter of an offer is one of RFC 7692 (section 7.1), with a valid value, and can be fulfilled. An
     * offer with another one has to be declined. A smaller window on this side cannot be had from the JDK.
     */
    private static boolean canBeHad(String name, @Nullable String value) {
        return switch (name) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
            case "server_max_window_bits" -> LARGEST_WINDOW.equals(value);
            case "client_max_window_bits" ->
                value == null || WINDOW_BITS.matcher(value).matches();
            default -> false;
        };
    }

    @Override
    public void sendFrame(OutgoingEntry entry) {
        Frame frame = entry.getFrame();
        OutgoingFrames next = out;
        if (next == null) {
            throw new IllegalStateException("The extension is not set up yet");
        }
        if (frame.isDataFrame() && frame.isFin() && frame.getPayloadLength() >= threshold) {
            Frame compressed = new Frame(frame.getOpCode(), compress(frame.getPayload()));
            compressed.setRsv1(true);
            next.sendFrame(new OutgoingEntry.Builder(entry).frame(compressed).build());
        } else {
            next.sendFrame(entry);
        }
    }

    private ByteBuffer compress(ByteBuffer payload) {
        CompressionPool<Deflater>.Entry pooled = deflaters.acquire();
        try {
            Deflater deflater = pooled.get();
            deflater.setInput(payload.duplicate());
            byte[] bytes = new byte[payload.remaining() / 2 + SPARE_BYTES];
            int size = 0;
            int made = deflater.deflate(bytes, size, bytes.length - size, Deflater.SYNC_FLUSH);
            size += made;
            while (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
                size += deflater.deflate(bytes, size, bytes.length - size, Deflater.SYNC_FLUSH);
            }
            return ByteBuffer.wrap(bytes, 0, size - TAIL_BYTES);
        } finally {
            pooled.release();
        }
    }

    @Override
    public void setNextOutgoingFrames(OutgoingFrames next) {
        out = next;
        jetty.setNextOutgoingFrames(next);
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        jetty.onFrame(frame, new Callback.Nested(callback) {
            @Override
            public void failed(Throwable cause) {
                super.failed(hasBadData(cause) ? new BadPayloadException("the compressed data is not valid") : cause);
            }
        });
    }

    /** The text of what the JDK throws would go to the client as the reason of the close, with the name of its class. */
    private static boolean hasBadData(@Nullable Throwable cause) {
        return cause != null && (cause instanceof DataFormatException || hasBadData(cause.getCause()));
    }

    @Override
    public void setNextIncomingFrames(IncomingFrames next) {
        jetty.setNextIncomingFrames(next);
    }

    @Override
    public void demand() {
        ((DemandChain) jetty).demand();
    }

    @Override
    public void setNextDemand(DemandChain next) {
        ((DemandChain) jetty).setNextDemand(next);
    }

    @Override
    public void init(ExtensionConfig config, WebSocketComponents components) {
        jetty.init(config, components);
    }

    @Override
    public void setCoreSession(CoreSession session) {
        jetty.setCoreSession(session);
    }

    @Override
    public ExtensionConfig getConfig() {
        return jetty.getConfig();
    }

    @Override
    public String getName() {
        return jetty.getName();
    }

    @Override
    public boolean isRsv1User() {
        return true;
    }

    @Override
    public boolean isRsv2User() {
        return false;
    }

    @Override
    public boolean isRsv3User() {
        return false;
    }

    @Override
    public void close() {
        jetty.close();
    }
}
