package dev.tandem.knowledge.extract;

import java.awt.geom.Point2D;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSNumber;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType3Font;
import org.apache.pdfbox.pdmodel.graphics.blend.BlendMode;
import org.apache.pdfbox.pdmodel.graphics.state.PDGraphicsState;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;
import org.jspecify.annotations.Nullable;

/**
 * What a page was painted with so far, as far as it decides whether its letters are seen. Where something is not known for
 * certain (a picture, a pattern, a shape that is no rectangle) letters on it count as seen.
 *
 * <p>Colours are read from the operands, not through colour spaces: those load profiles, which costs time and may fail.
 */
final class PdfPaint {

    /** In points; letters below it are dust. */
    private static final float SMALLEST = 1;

    /** Of a channel between 0 and 1; what differs by less looks alike. */
    private static final float ALIKE = .03f;

    /** A page of more shapes is a drawing: colours on it are not judged. */
    private static final int MOST_SHAPES = 3_000;

    /** Of the page's area; pictures of so much are a scanned page. */
    private static final double SCANNED = .5;

    private static final Colour WHITE = new Colour(1, 1, 1);
    private static final Colour BLACK = new Colour(0, 0, 0);

    /** Channels from 0 to 1. */
    private record Colour(float red, float green, float blue) {

        boolean isLike(@Nullable Colour other) {
            return other != null
                    && Math.abs(red - other.red) <= ALIKE
                    && Math.abs(green - other.green) <= ALIKE
                    && Math.abs(blue - other.blue) <= ALIKE;
        }
    }

    /**
     * @param colour null where it is not known
     * @param whole whether every point of the box has that colour
     */
    private record Shape(Box box, @Nullable Colour colour, boolean whole) {}

    private record Box(double left, double bottom, double right, double top) {

        static Box of(PDRectangle of) {
            return new Box(of.getLowerLeftX(), of.getLowerLeftY(), of.getUpperRightX(), of.getUpperRightY());
        }

        /** What a rectangle becomes, with what it leaves free of its corners where it is turned. */
        static Box around(Matrix matrix, float x, float y, float otherX, float otherY) {
            Point2D[] corners = {
                matrix.transformPoint(x, y),
                matrix.transformPoint(x, otherY),
                matrix.transformPoint(otherX, y),
                matrix.transformPoint(otherX, otherY)
            };
            double left = corners[0].getX();
            double bottom = corners[0].getY();
            double right = left;
            double top = bottom;
            for (Point2D corner : corners) {
                left = Math.min(left, corner.getX());
                bottom = Math.min(bottom, corner.getY());
                right = Math.max(right, corner.getX());
                top = Math.max(top, corner.getY());
            }
            return new Box(left, bottom, right, top);
        }

        boolean holds(Point2D point) {
            return point.getX() >= left && point.getX() <= right && point.getY() >= bottom && point.getY() <= top;
        }

        Box and(Box other) {
            return new Box(
                    Math.max(left, other.left),
                    Math.max(bottom, other.bottom),
                    Math.min(right, other.right),
                    Math.min(top, other.top));
        }

        Box or(Box other) {
            return new Box(
                    Math.min(left, other.left),
                    Math.min(bottom, other.bottom),
                    Math.max(right, other.right),
                    Math.max(top, other.top));
        }

        Box wider(double by) {
            return new Box(left - by, bottom - by, right + by, top + by);
        }

        double area() {
            return Math.max(0, right - left) * Math.max(0, top - bottom);
        }
    }

    /** What q saves and Q brings back, beside what PDFBox keeps. */
    private static final class Ink {
        @Nullable
        Colour fill = BLACK;

        @Nullable
        Colour stroke = BLACK;

        int fillParts = 1;
        int strokeParts = 1;
        float width = 1;
        Box clip;
        boolean clipIsBox = true;

        Ink(Box clip) {
            this.clip = clip;
        }

        Ink copy() {
            var copy = new Ink(clip);
            copy.fill = fill;
            copy.stroke = stroke;
            copy.fillParts = fillParts;
            copy.strokeParts = strokeParts;
            copy.width = width;
            copy.clipIsBox = clipIsBox;
            return copy;
        }
    }

    /** Of a colour space that is not known; a separation, whose 0 is no ink at all. */
    private static final int UNKNOWN = 0;

    private static final int SEPARATION = -1;

    private final Box page;
    private final boolean scanned;
    private final List<Shape> shapes = new ArrayList<>();
    private final Deque<Ink> saved = new ArrayDeque<>();
    private Ink ink;
    private @Nullable Box path;
    private int rectangles;
    private int lines;
    private boolean clips;
    private double pictures;
    private long hidden;
    private long unpainted;
    private long seen;
    private boolean lastWasHidden;

    /** @param scanned whether letters that are not painted are the text of a picture of the page */
    PdfPaint(PDRectangle page, boolean scanned) {
        Box box = Box.of(page);
        this.page = box.area() > 1 ? box : new Box(-1e9, -1e9, 1e9, 1e9);
        this.scanned = scanned;
        this.ink = new Ink(this.page);
    }

    /** Code points that were not seen. */
    long hidden() {
        return hidden;
    }

    /** Whether the page is a picture, and most of its text is laid over that without being painted. */
    boolean isScanned() {
        return unpainted > 0 && unpainted >= seen && pictures >= SCANNED * page.area();
    }

    // ---- letters

    /** Whether a letter is seen, where it is shown now. */
    boolean shows(PDGraphicsState state, Matrix letter, PDFont font, int code, Vector width) {
        String text = font.toUnicode(code);
        boolean blank = text != null && text.replace('\u00A0', ' ').isBlank();
        // A space has no colour: it goes with the letter before.
        boolean shown = blank ? !lastWasHidden : isSeen(state, letter, font, width);
        if (shown) {
            seen += blank ? 0 : 1;
        } else {
            hidden += text == null ? 1 : text.codePointCount(0, text.length());
        }
        lastWasHidden = !shown;
        return shown;
    }

    private boolean isSeen(PDGraphicsState state, Matrix letter, PDFont font, Vector width) {
        if (!isOnPage(letter, width)) {
            return false;
        }
        if (font instanceof PDType3Font) {
            return true;
        }
        RenderingMode mode = state.getTextState().getRenderingMode();
        if (mode == RenderingMode.NEITHER) {
            unpainted++;
            return scanned;
        }
        if (letter.getScalingFactorY() < SMALLEST) {
            return false;
        }
        Point2D middle = letter.transformPoint(width.getX() / 2, .3f);
        return mode == RenderingMode.NEITHER_CLIP
                || (mode.isFill() && isSeen(ink.fill, state.getNonStrokeAlphaConstant(), middle))
                || (mode.isStroke() && isSeen(ink.stroke, state.getAlphaConstant(), middle));
    }

    private boolean isOnPage(Matrix letter, Vector width) {
        Box box = Box.around(letter, 0, 0, width.getX(), .7f);
        return box.right() > page.left()
                && box.left() < page.right()
                && box.top() > page.bottom()
                && box.bottom() < page.top();
    }

    private boolean isSeen(@Nullable Colour colour, double alpha, Point2D at) {
        if (alpha < ALIKE) {
            return false;
        }
        if (colour == null || shapes.size() > MOST_SHAPES) {
            return true;
        }
        for (Shape shape : shapes.reversed()) {
            if (shape.box().holds(at)) {
                if (!colour.isLike(shape.colour())) {
                    return true;
                }
                if (shape.whole()) {
                    return false;
                }
            }
        }
        return !colour.isLike(WHITE);
    }

    // ---- what is painted

    /** Colours and clip at a moment; those of a form end with it. */
    static final class Mark {
        private final Ink ink;
        private final int depth;

        private Mark(Ink ink, int depth) {
            this.ink = ink;
            this.depth = depth;
        }
    }

    Mark mark() {
        return new Mark(ink.copy(), saved.size());
    }

    void back(Mark mark) {
        while (saved.size() > mark.depth) {
            saved.pop();
        }
        ink = mark.ink;
    }

    /** Called when an operator has done what it does. */
    void after(String operator, List<COSBase> operands, PDGraphicsState state, @Nullable PDResources resources) {
        switch (operator) {
            case "w" -> {
                float[] width = numbers(operands, 1);
                ink.width = width == null ? ink.width : width[0];
            }
            case "q" -> saved.push(ink.copy());
            case "Q" -> ink = saved.isEmpty() ? ink : saved.pop();
            case "g", "rg", "k" -> {
                ink.fill = colour(operands, operator.equals("g") ? 1 : operator.equals("rg") ? 3 : 4);
            }
            case "G", "RG", "K" -> {
                ink.stroke = colour(operands, operator.equals("G") ? 1 : operator.equals("RG") ? 3 : 4);
            }
            case "cs" -> {
                ink.fillParts = parts(operands, resources);
                ink.fill = initial(ink.fillParts);
            }
            case "CS" -> {
                ink.strokeParts = parts(operands, resources);
                ink.stroke = initial(ink.strokeParts);
            }
            case "sc", "scn" -> ink.fill = colour(operands, ink.fillParts);
            case "SC", "SCN" -> ink.stroke = colour(operands, ink.strokeParts);
            case "re" -> rectangle(operands, state);
            case "m", "l", "c", "v", "y" -> line(operands, state);
            case "W", "W*" -> clips = true;
            case "n" -> endPath();
            case "f", "F", "f*" -> {
                fill(state);
                endPath();
            }
            case "B", "B*", "b", "b*" -> {
                fill(state);
                stroke(state);
                endPath();
            }
            case "S", "s" -> {
                stroke(state);
                endPath();
            }
            case "sh" -> add(new Shape(ink.clip, null, false));
            case "Do" -> {
                if (resources != null
                        && !operands.isEmpty()
                        && operands.getFirst() instanceof COSName name
                        && resources.isImageXObject(name)) {
                    picture(state);
                }
            }
            case "BI" -> picture(state);
            default -> {}
        }
    }

    private void picture(PDGraphicsState state) {
        Box visible =
                Box.around(state.getCurrentTransformationMatrix(), 0, 0, 1, 1).and(ink.clip);
        pictures += visible.area();
        add(new Shape(visible, null, false));
    }

    private void rectangle(List<COSBase> operands, PDGraphicsState state) {
        float[] numbers = numbers(operands, 4);
        if (numbers != null) {
            rectangles++;
            Matrix matrix = state.getCurrentTransformationMatrix();
            Box box = Box.around(matrix, numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3]);
            path = path == null ? box : path.or(box);
            // Turned by other than a quarter, its box is more than itself.
            boolean straight = (matrix.getShearX() == 0 && matrix.getShearY() == 0)
                    || (matrix.getScaleX() == 0 && matrix.getScaleY() == 0);
            lines += straight ? 0 : 1;
        }
    }

    private void line(List<COSBase> operands, PDGraphicsState state) {
        lines++;
        float[] numbers = numbers(operands, operands.size() & ~1);
        for (int i = 0; numbers != null && i + 1 < numbers.length; i += 2) {
            Matrix matrix = state.getCurrentTransformationMatrix();
            Box point = Box.around(matrix, numbers[i], numbers[i + 1], numbers[i], numbers[i + 1]);
            path = path == null ? point : path.or(point);
        }
    }

    private void fill(PDGraphicsState state) {
        if (path != null) {
            boolean solid = state.getNonStrokeAlphaConstant() > .99
                    && state.getSoftMask() == null
                    && state.getBlendMode().equals(BlendMode.NORMAL);
            boolean whole = rectangles == 1 && lines == 0 && ink.clipIsBox;
            add(new Shape(path.and(ink.clip), solid ? ink.fill : null, whole));
        }
    }

    private void stroke(PDGraphicsState state) {
        if (path != null) {
            double scale = Math.abs(state.getCurrentTransformationMatrix().getScalingFactorX());
            Box box = path.wider(ink.width * scale / 2).and(ink.clip);
            add(new Shape(box, state.getAlphaConstant() > .99 ? ink.stroke : null, false));
        }
    }

    private void endPath() {
        if (clips && path != null) {
            ink.clip = ink.clip.and(path);
            ink.clipIsBox &= rectangles == 1 && lines == 0;
        }
        path = null;
        rectangles = 0;
        lines = 0;
        clips = false;
    }

    private void add(Shape shape) {
        // One more than are judged: then none is.
        if (shapes.size() <= MOST_SHAPES && shape.box().area() > 4) {
            shapes.add(shape);
        }
    }

    // ---- colours

    /** How many numbers a colour of that space has. */
    private static int parts(List<COSBase> operands, @Nullable PDResources resources) {
        if (operands.isEmpty() || !(operands.getFirst() instanceof COSName name)) {
            return UNKNOWN;
        }
        COSBase space = name;
        if (resources != null
                && resources.getCOSObject().getDictionaryObject(COSName.COLORSPACE) instanceof COSDictionary spaces
                && spaces.getDictionaryObject(name) != null) {
            space = spaces.getDictionaryObject(name);
        }
        COSBase kind = space instanceof COSArray array && array.size() > 0 ? array.getObject(0) : space;
        if (!(kind instanceof COSName word)) {
            return UNKNOWN;
        }
        return switch (word.getName()) {
            case "DeviceGray", "CalGray", "G" -> 1;
            case "DeviceRGB", "CalRGB", "RGB" -> 3;
            case "DeviceCMYK", "CMYK" -> 4;
            case "Separation" -> SEPARATION;
            case "ICCBased" ->
                space instanceof COSArray array && array.size() > 1 && array.getObject(1) instanceof COSStream profile
                        ? Math.max(UNKNOWN, profile.getInt(COSName.N))
                        : UNKNOWN;
            default -> UNKNOWN;
        };
    }

    private static @Nullable Colour initial(int parts) {
        return parts == 1 || parts == 3 || parts == 4 ? BLACK : null;
    }

    private static @Nullable Colour colour(List<COSBase> operands, int parts) {
        float[] numbers = numbers(operands, parts == SEPARATION ? 1 : parts);
        if (numbers == null) {
            return null;
        }
        return switch (parts) {
            case 1 -> new Colour(numbers[0], numbers[0], numbers[0]);
            case 3 -> new Colour(numbers[0], numbers[1], numbers[2]);
            case 4 -> {
                float light = 1 - Math.min(1, numbers[3]);
                yield new Colour(light * (1 - numbers[0]), light * (1 - numbers[1]), light * (1 - numbers[2]));
            }
            case SEPARATION -> numbers[0] == 0 ? WHITE : null;
            default -> null;
        };
    }

    private static float @Nullable [] numbers(List<COSBase> operands, int count) {
        if (count == 0 || operands.size() < count) {
            return null;
        }
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            if (!(operands.get(i) instanceof COSNumber number)) {
                return null;
            }
            numbers[i] = number.floatValue();
        }
        return numbers;
    }
}
