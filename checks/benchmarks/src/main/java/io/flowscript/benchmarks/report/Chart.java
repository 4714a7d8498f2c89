package io.flowscript.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** A picture of figures in SVG: bars beside each other, or lines over a size. For one thread. */
public final class Chart {

    private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#9467bd", "#7f7f7f");
    private static final int WIDTH = 800;
    private static final int TOP = 66;

    private final String title;
    private final List<String> series;
    private final Map<String, double[]> rows = new LinkedHashMap<>();
    private final StringBuilder svg = new StringBuilder();

    /**
     * Begins a picture.
     *
     * @param title what it shows, with the unit
     * @param series the names of the values that each row has; at most five
     */
    public Chart(String title, List<String> series) {
        this.title = title;
        this.series = List.copyOf(series);
    }

    /**
     * Adds a row: a group of bars, or the points above one size.
     *
     * @param name its name, or the size
     * @param values one for each series; what is not a number is left out
     */
    public void row(String name, double... values) {
        rows.put(name, values);
    }

    /**
     * {@return the rows as bars from left to right}
     *
     * @param isLog whether the axis is in powers of ten
     */
    public String bars(boolean isLog) {
        int left = 190;
        int bar = series.size() == 1 ? 18 : 12;
        int group = bar * series.size() + 10;
        int bottom = TOP + group * rows.size();
        Scale scale = isLog ? Scale.log(values()) : Scale.linear(values());
        double width = WIDTH - left - 80.0;
        begin(bottom + 40);
        for (double tick : scale.ticks()) {
            double x = left + width * scale.at(tick);
            line(x, TOP, x, bottom);
            text(x, bottom + 18, "middle", Scale.brief(tick));
        }
        int y = TOP + 5;
        for (Map.Entry<String, double[]> row : rows.entrySet()) {
            text(left - 8, y + bar * series.size() / 2.0 + 4, "end", row.getKey());
            for (int i = 0; i < series.size(); i++) {
                double value = row.getValue()[i];
                if (!Double.isNaN(value)) {
                    double size = width * scale.at(value);
                    add(
                            "<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>",
                            left, y + i * bar, size, bar - 2, COLOURS.get(i));
                    text(left + size + 5, y + i * bar + bar / 2.0 + 3, "start", Scale.brief(value));
                }
            }
            y += group;
        }
        return end();
    }

    /**
     * {@return the rows as lines over their names, which are sizes; both axes in powers of ten}
     *
     * @param size what the sizes are
     */
    public String lines(String size) {
        int left = 70;
        int bottom = TOP + 300;
        Scale across = Scale.log(rows.keySet().stream().mapToDouble(Double::parseDouble));
        Scale up = Scale.log(values());
        double width = WIDTH - left - 30.0;
        begin(bottom + 54);
        for (double tick : across.ticks()) {
            double x = left + width * across.at(tick);
            line(x, TOP, x, bottom);
            text(x, bottom + 18, "middle", Scale.brief(tick));
        }
        for (double tick : up.ticks()) {
            double y = bottom - 300 * up.at(tick);
            line(left, y, left + width, y);
            text(left - 6, y + 4, "end", Scale.brief(tick));
        }
        text(left + width / 2, bottom + 40, "middle", size);
        for (int i = 0; i < series.size(); i++) {
            List<String> points = new ArrayList<>();
            for (Map.Entry<String, double[]> row : rows.entrySet()) {
                double value = row.getValue()[i];
                if (value > 0) {
                    double x = left + width * across.at(Double.parseDouble(row.getKey()));
                    double y = bottom - 300 * up.at(value);
                    points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
                    add("<circle cx='%.1f' cy='%.1f' r='3.5' fill='%s'/>", x, y, COLOURS.get(i));
                }
            }
            add(
                    "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>",
                    String.join(" ", points), COLOURS.get(i));
        }
        return end();
    }

    private DoubleStream values() {
        return rows.values().stream().flatMapToDouble(DoubleStream::of).filter(value -> !Double.isNaN(value));
    }

    private void begin(int height) {
        svg.setLength(0);
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>",
                WIDTH, height);
        add("<rect width='100%%' height='100%%' fill='#ffffff'/>");
        add("<text x='16' y='24' font-size='15' font-weight='bold' fill='#222222'>%s</text>", escaped(title));
        int x = 16;
        for (int i = 0; i < series.size(); i++) {
            add("<rect x='%d' y='38' width='12' height='12' fill='%s'/>", x, COLOURS.get(i));
            text(x + 17, 49, "start", series.get(i));
            x += 40 + 7 * series.get(i).length();
        }
    }

    private String end() {
        return svg.append("</svg>\n").toString();
    }

    private void line(double x1, double y1, double x2, double y2) {
        add("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#dddddd'/>", x1, y1, x2, y2);
    }

    private void text(double x, double y, String anchor, String words) {
        add("<text x='%.1f' y='%.1f' text-anchor='%s' fill='#222222'>%s</text>", x, y, anchor, escaped(words));
    }

    private void add(String element, Object... values) {
        svg.append(String.format(Locale.ROOT, element, values)).append('\n');
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
