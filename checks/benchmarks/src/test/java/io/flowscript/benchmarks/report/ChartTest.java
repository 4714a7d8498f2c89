package io.flowscript.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Pictures are XML, and what they show is to scale. */
class ChartTest {

    private static final String BLUE = "#0072b2";

    @Test
    void aBarIsAsLongAsItsFigure() throws Exception {
        Chart chart = new Chart("a < b & c", List.of("ms", "other"));
        chart.row("one", 2, 1);
        chart.row("two", 4, Double.NaN);
        double[] widths = widths(chart.bars(false));
        assertThat(widths).hasSize(2);
        assertThat(widths[1] / widths[0]).isEqualTo(2, offset(0.01));
    }

    @Test
    void onAnAxisInPowersOfTenEqualRatiosAreEqualSteps() throws Exception {
        Chart chart = new Chart("rates", List.of("rate"));
        chart.row("base", 10);
        chart.row("one", 100);
        chart.row("two", 1_000);
        double[] widths = widths(chart.bars(true));
        assertThat(widths[0]).isZero();
        assertThat(widths[2] / widths[1]).isEqualTo(2, offset(0.01));
    }

    @Test
    void aLineHasAPointForEachSizeThatWasMeasured() throws Exception {
        Chart chart = new Chart("growth", List.of("a", "b"));
        chart.row("10", 5, 1);
        chart.row("100", 5, Double.NaN);
        chart.row("1000", 5, 100);
        NodeList lines = parsed(chart.lines("events")).getElementsByTagName("polyline");
        String[] level = ((Element) lines.item(0)).getAttribute("points").split(" ", -1);
        assertThat(level).hasSize(3);
        assertThat(List.of(level).stream().map(point -> point.split(",", -1)[1]).distinct())
                .hasSize(1);
        assertThat(((Element) lines.item(1)).getAttribute("points").split(" ", -1))
                .hasSize(2);
    }

    @Test
    void axesEndAboveTheLargestValue() {
        assertThat(Scale.linear(DoubleStream.of(3, 42)).high()).isEqualTo(50);
        assertThat(Scale.log(DoubleStream.of(3, 420)).ticks()).containsExactly(1, 10, 100, 1_000);
        assertThat(List.of(Scale.brief(1_500_000), Scale.brief(20_000), Scale.brief(0.35), Scale.brief(100)))
                .containsExactly("1.5M", "20k", "0.35", "100");
    }

    /** The widths of the bars of the first colour, without its sign in the legend. */
    private static double[] widths(String svg) throws Exception {
        NodeList bars = parsed(svg).getElementsByTagName("rect");
        return IntStream.range(0, bars.getLength())
                .mapToObj(i -> (Element) bars.item(i))
                .filter(bar -> bar.getAttribute("fill").equals(BLUE))
                .skip(1)
                .mapToDouble(bar -> Double.parseDouble(bar.getAttribute("width")))
                .toArray();
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
