package booking.benchmark;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Bars in groups, on a logarithmic scale, as SVG. Charting libraries draw with the fonts of the machine, of which a server
 * often has none; here the reader's browser does.
 *
 * @param note a line below the title
 * @param groups by title, and in each the bars by name
 */
record BarChart(String title, String note, Map<String, Map<String, Double>> groups) {
    private static final int LABELS = 150;
    private static final int BARS = 560;
    private static final int NUMBERS = 90;
    private static final int BAR = 18;
    private static final int GAP = 5;
    private static final int HEAD = 34;
    private static final int NOTE = 12;
    private static final String TEXT = "#1f2328";
    private static final List<String> COLOURS =
            List.of("#0a7d4f", "#3bb273", "#d1495b", "#e07a5f", "#edae49", "#5b7db1", "#9a9a9a");

    byte[] svg() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, "UTF-8");
            write(xml);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private void write(XMLStreamWriter xml) throws XMLStreamException {
        int width = LABELS + BARS + NUMBERS;
        int height = 2 * HEAD
                + NOTE
                + groups.values().stream()
                        .mapToInt(bars -> HEAD + bars.size() * (BAR + GAP))
                        .sum();
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("svg");
        xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
        xml.writeAttribute("viewBox", "0 0 " + width + " " + height);
        xml.writeAttribute("width", Integer.toString(width));
        xml.writeAttribute("font-family", "system-ui, sans-serif");
        xml.writeAttribute("font-size", "12");
        rectangle(xml, 0, 0, width, height, "#ffffff");
        double top = decade(Math.ceil(Math.log10(most())));
        text(xml, 12, HEAD - 12, "start", "bold", title + " (logarithmic)");
        text(xml, 12, HEAD + 6, "start", "normal", note);
        int y = HEAD + NOTE;
        for (Map.Entry<String, Map<String, Double>> group : groups.entrySet()) {
            text(xml, 12, y + HEAD - 12, "start", "bold", group.getKey());
            y += HEAD;
            int colour = 0;
            for (Map.Entry<String, Double> bar : group.getValue().entrySet()) {
                int length = (int) Math.round(BARS * Math.log10(Math.max(1, bar.getValue())) / Math.log10(top));
                text(xml, LABELS - 8, y + BAR - 5, "end", "normal", bar.getKey());
                rectangle(xml, LABELS, y, length, BAR, COLOURS.get(colour++ % COLOURS.size()));
                text(
                        xml,
                        LABELS + length + 6,
                        y + BAR - 5,
                        "start",
                        "normal",
                        String.format(Locale.ROOT, "%,.0f", bar.getValue()));
                y += BAR + GAP;
            }
        }
        for (double mark = 10; mark <= top; mark *= 10) {
            int x = LABELS + (int) Math.round(BARS * Math.log10(mark) / Math.log10(top));
            text(xml, x, y + HEAD - 12, "middle", "normal", String.format(Locale.ROOT, "%,.0f", mark));
        }
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private double most() {
        return groups.values().stream()
                .flatMap(bars -> bars.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(10);
    }

    private static double decade(double power) {
        return Math.pow(10, Math.max(1, power));
    }

    private static void rectangle(XMLStreamWriter xml, int x, int y, int width, int height, String colour)
            throws XMLStreamException {
        xml.writeEmptyElement("rect");
        xml.writeAttribute("x", Integer.toString(x));
        xml.writeAttribute("y", Integer.toString(y));
        xml.writeAttribute("width", Integer.toString(width));
        xml.writeAttribute("height", Integer.toString(height));
        xml.writeAttribute("fill", colour);
    }

    private static void text(XMLStreamWriter xml, int x, int y, String anchor, String weight, String words)
            throws XMLStreamException {
        xml.writeStartElement("text");
        xml.writeAttribute("x", Integer.toString(x));
        xml.writeAttribute("y", Integer.toString(y));
        xml.writeAttribute("text-anchor", anchor);
        xml.writeAttribute("font-weight", weight);
        xml.writeAttribute("fill", TEXT);
        xml.writeCharacters(words);
        xml.writeEndElement();
    }
}
