package io.flowscript.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The media types that a client accepts (RFC 9110, section 12.5.1). */
final class AcceptedTypes {

    private static final double NOT_AT_ALL = 0;

    private AcceptedTypes() {}

    /**
     * Reads the fields.
     *
     * @param fields the values of Accept
     * @return the types in lower case, without parameters, the most preferred first; equally preferred types keep their order
     */
    static List<String> of(List<String> fields) {
        List<Preference> found = new ArrayList<>();
        for (String field : fields) {
            for (String range : field.split(",", -1)) {
                Preference preference = Preference.of(range.toLowerCase(Locale.ROOT));
                if (preference.quality() > NOT_AT_ALL) {
                    found.add(preference);
                }
            }
        }
        found.sort(Comparator.comparingDouble(Preference::quality).reversed());
        return found.stream().map(Preference::type).toList();
    }

    private record Preference(String type, double quality) {

        static Preference of(String range) {
            String[] parts = range.split(";", -1);
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip();
                if (parameter.startsWith("q=")) {
                    quality = number(parameter.substring(2));
                }
            }
            return new Preference(parts[0].strip(), quality);
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                return NOT_AT_ALL;
            }
        }
    }
}
