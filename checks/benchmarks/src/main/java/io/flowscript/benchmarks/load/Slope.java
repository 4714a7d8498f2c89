package io.flowscript.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/** How fast something grows, by least squares. For one thread. */
public final class Slope {

    private record Point(double minutes, double value) {}

    private final List<Point> points = new ArrayList<>();

    /** Starts without a value. */
    public Slope() {}

    /**
     * Adds a value.
     *
     * @param minutes when it was taken
     * @param value the value
     */
    public void add(double minutes, double value) {
        points.add(new Point(minutes, value));
    }

    /** {@return by how much the value grows in a minute, without the first fifth, in which logs fill and code warms up} */
    public double perMinute() {
        List<Point> later = points.subList(points.size() / 5, points.size());
        double x = later.stream().mapToDouble(Point::minutes).average().orElse(0);
        double y = later.stream().mapToDouble(Point::value).average().orElse(0);
        double above = later.stream()
                .mapToDouble(point -> (point.minutes - x) * (point.value - y))
                .sum();
        double below = later.stream()
                .mapToDouble(point -> (point.minutes - x) * (point.minutes - x))
                .sum();
        return below == 0 ? 0 : above / below;
    }
}
