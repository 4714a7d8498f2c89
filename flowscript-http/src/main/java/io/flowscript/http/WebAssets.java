package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files for browsers, such as the JavaScript client. A server sends them at the path {@code /NAME/} when {@link
 * HttpSettingsBuilder#assets} names them. They are read once and kept in memory, so a request reaches no file system.
 * Immutable.
 *
 * <p>Each file has two paths: {@code /NAME/FILE}, which browsers check for changes at each use, and {@code
 * /NAME/VERSION/FILE}, which they keep for a year. The {@linkplain #version version} is made of the content of all files, so it
 * changes with them. In {@code index.html}, {@code {version}} stands for the version: a page that loads {@code {version}/app.js}
 * loads files that browsers keep.
 *
 * @since 0.1.0
 */
public final class WebAssets {

    /** The name of the JavaScript client in the jar of {@code flowscript-js}. */
    public static final String CLIENT = "flowscript";

    /** The name of the console in the jar of {@code flowscript-console}. {@link HttpSettingsBuilder#console} serves it. */
    public static final String CONSOLE = "console";

    /** The maximum number of files. */
    public static final int MAX_FILES = 1_000;

    /** The maximum size of all files together, in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    private static final String FOLDER = "META-INF/resources/";
    private static final String LIST = "files.txt";
    private static final String INDEX = "index.html";
    private static final String VERSION_MARK = "{version}";
    private static final int VERSION_DIGITS = 16;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern FILE =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}/){0,7}[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    private static final Set<String> TAKEN = Stream.concat(Stream.of(HttpApi.WEBSOCKET_PATH), Route.firstSegments())
            .map(path -> path.replace("/", ""))
            .collect(Collectors.toUnmodifiableSet());

    /** The dependencies that have assets. */
    private static final Map<String, String> DEPENDENCIES =
            Map.of(CLIENT, "flowscript-js", CONSOLE, "flowscript-console");

    private final String name;
    private final String version;
    private final Map<String, AssetFile> files;

    private WebAssets(String name, String version, Map<String, AssetFile> files) {
        this.name = name;
        this.version = version;
        this.files = files;
    }

    /**
     * Creates assets of the given files.
     *
     * @param name the first part of their paths: 1 to 64 lower-case letters, digits and hyphens; none of FlowScript's own paths
     * @param files the content by path, such as {@code app.js} or {@code images/logo.svg}; at least one, at most {@link #MAX_FILES}.
     *     The ending of the name says the content type. {@code index.html} is also found without its name
     * @return the assets
     * @throws FlowScriptException with code {@code invalid_setting} when a name or an ending is not allowed, or a limit is passed
     */
    public static WebAssets of(String name, Map<String, byte[]> files) {
        check(NAME.matcher(name).matches() && !TAKEN.contains(name), "Assets cannot be at the path /" + name);
        check(!files.isEmpty() && files.size() <= MAX_FILES, "Assets have 1 to " + MAX_FILES + " files");
        long bytes =
                files.values().stream().mapToLong(content -> content.length).sum();
        check(bytes <= MAX_BYTES, "Assets have at most " + MAX_BYTES + " bytes, not " + bytes);
        Map<String, AssetFile> kept = new LinkedHashMap<>();
        MessageDigest digest = sha256();
        new TreeMap<>(files).forEach((path, content) -> {
            check(FILE.matcher(path).matches(), "A file of the assets cannot have the name " + path);
            AssetFile file = AssetFile.of(path, content);
            kept.put(path, file);
            digest.update((path + " " + file.digest() + "\n").getBytes(StandardCharsets.UTF_8));
        });
        String version = hex(digest);
        kept.computeIfPresent(INDEX, (path, file) -> file.replacing(VERSION_MARK, version));
        return new WebAssets(name, version, Map.copyOf(kept));
    }

    /**
     * Reads assets from the class path. They are in the folder {@code META-INF/resources/NAME}, and the file {@code files.txt} there
     * has the path of each, one a line.
     *
     * @param name the name of the folder, and the first part of the files' paths, such as {@link #CLIENT}
     * @return the assets
     * @throws FlowScriptException with code {@code invalid_setting} when they are not there, or as {@link #of}
     */
    public static WebAssets fromClassPath(String name) {
        return of(name, readAll(name));
    }

    /** The console, with the JavaScript client that it uses in the folder {@link #CLIENT}, so that all have one version. */
    static WebAssets console() {
        Map<String, byte[]> files = readAll(CONSOLE);
        readAll(CLIENT).forEach((file, content) -> files.put(CLIENT + "/" + file, content));
        return of(CONSOLE, files);
    }

    private static Map<String, byte[]> readAll(String name) {
        check(NAME.matcher(name).matches(), "Assets cannot be at the path /" + name);
        String list = new String(read(name, LIST), StandardCharsets.UTF_8);
        Map<String, byte[]> files = new LinkedHashMap<>();
        list.lines().filter(line -> !line.isBlank()).forEach(file -> {
            check(FILE.matcher(file).matches(), "A file of the assets cannot have the name " + file);
            files.put(file, read(name, file));
        });
        return files;
    }

    /** {@return the first part of the files' paths} */
    public String name() {
        return name;
    }

    /** {@return the version of the files: 16 hexadecimal digits; equal files have an equal version} */
    public String version() {
        return version;
    }

    /** Whether a path, below the adapter's context, is one of these assets' paths. */
    boolean has(String path) {
        return path.startsWith(name, 1) && path.startsWith("/", name.length() + 1);
    }

    /** The file at one of these assets' paths. The path is only looked up, so it leads nowhere else. */
    Optional<AssetFile> file(String path) {
        String rest = path.substring(name.length() + 2);
        String file = isVersioned(path) ? rest.substring(version.length() + 1) : rest;
        return Optional.ofNullable(files.get(file.isEmpty() ? INDEX : file));
    }

    /** Whether the content at a path never changes. */
    boolean isVersioned(String path) {
        return path.startsWith(version + "/", name.length() + 2);
    }

    @Override
    public String toString() {
        return "WebAssets[/" + name + "/" + version + "/, " + files.size() + " files]";
    }

    private static byte[] read(String name, String file) {
        String path = FOLDER + name + "/" + file;
        ClassLoader own =
                Objects.requireNonNullElseGet(WebAssets.class.getClassLoader(), ClassLoader::getSystemClassLoader);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        InputStream found = open(context, path);
        try (InputStream in = found == null ? open(own, path) : found) {
            if (in == null) {
                throw new FlowScriptException(
                        "invalid_setting",
                        "There is no " + path + " on the class path"
                                + (DEPENDENCIES.containsKey(name)
                                        ? "; the dependency io.flowscript:" + DEPENDENCIES.get(name) + " has it"
                                        : ""));
            }
            return in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("The assets cannot be read: " + path, e);
        }
    }

    private static @Nullable InputStream open(@Nullable ClassLoader loader, String path) {
        return loader == null ? null : loader.getResourceAsStream(path);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The first digits of a digest. */
    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new FlowScriptException("invalid_setting", message);
        }
    }
}
