package io.flowscript.benchmarks.growth;

import java.util.List;

/** Something that can be small and large, and what it costs for each of its units. */
interface Curve {

    /** {@return the name in files} */
    String name();

    /** {@return what grows} */
    String title();

    /** {@return the largest size} */
    int largest();

    /** {@return the smallest size} */
    int smallest();

    /** {@return what is measured, each with its unit} */
    List<String> columns();

    /** Measures one size. {@return a figure for each column} */
    double[] measure(int size) throws Exception;
}
