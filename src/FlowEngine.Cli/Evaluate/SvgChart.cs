using System.Globalization;
using System.Net;
using System.Text;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// A chart as SVG text: linear axes with round marks, lines, points and bars. NaN is left out, and breaks a line.
/// </summary>
internal sealed class SvgChart
{
    private const double Width = 900;
    private const double Left = 76;
    private const double Right = 16;
    private const double Top = 30;
    private const double Bottom = 42;
    private const double Spare = 5;
    private const int Marks = 6;
    private const double Margin = 0.04;

    private readonly double _height;
    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;
    private readonly StringBuilder _shapes = new();

    /// <summary>An empty chart whose axes hold these values.</summary>
    public SvgChart(
        string title, string nameX, string nameY, IEnumerable<double> x, IEnumerable<double> y, double height)
    {
        (Title, NameX, NameY, _height) = (title, nameX, nameY, height);
        _x = RangeOf(x, 0);
        _y = RangeOf(y, Margin);
    }

    /// <summary>What stands above it.</summary>
    public string Title { get; }

    /// <summary>What stands below the horizontal axis.</summary>
    public string NameX { get; }

    /// <summary>What stands beside the vertical axis.</summary>
    public string NameY { get; }

    /// <summary>How marks of the horizontal axis are written; numbers unless set.</summary>
    public Func<double, string>? MarkX { get; init; }

    /// <summary>A line through points in order of x.</summary>
    public void Line(ReadOnlySpan<double> x, ReadOnlySpan<double> y, string colour, double thickness = 1.2)
    {
        var path = new StringBuilder();
        var isDown = false;
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsNaN(y[i]))
            {
                isDown = false;
                continue;
            }

            path.Append(isDown ? 'L' : 'M').Append(Number(X(x[i]))).Append(' ').Append(Number(Y(y[i])));
            isDown = true;
        }

        _shapes.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{Number(thickness)}\"/>");
    }

    /// <summary>Points.</summary>
    public void Points(ReadOnlySpan<double> x, ReadOnlySpan<double> y, string colour, double radius, double opacity)
    {
        _shapes.Append($"<g fill=\"{colour}\" fill-opacity=\"{Number(opacity)}\">");
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsNaN(x[i]) && !double.IsNaN(y[i]))
            {
                _shapes.Append(
                    $"<circle cx=\"{Number(X(x[i]))}\" cy=\"{Number(Y(y[i]))}\" r=\"{Number(radius)}\"/>");
            }
        }

        _shapes.Append("</g>");
    }

    /// <summary>A bar from one x to another and from 0 to y.</summary>
    public void Bar(double from, double to, double y, string colour)
    {
        var (top, bottom) = (Math.Min(Y(y), Y(0)), Math.Max(Y(y), Y(0)));
        Rectangle(X(from), top, X(to) - X(from), bottom - top, colour, 1);
    }

    /// <summary>Shades all of the height from one x to another.</summary>
    public void Band(double from, double to, string colour) =>
        Rectangle(X(from), Top, X(to) - X(from), _height - Top - Bottom, colour, 0.25);

    /// <summary>The chart.</summary>
    public string Draw()
    {
        var svg = new StringBuilder();
        svg.Append($"<svg viewBox=\"0 0 {Number(Width)} {Number(_height)}\" role=\"img\">");
        svg.Append(Text(Left, 18, "start", "title", Title));
        foreach (var mark in MarksOf(_y))
        {
            svg.Append($"<line class=\"grid\" x1=\"{Number(Left)}\" x2=\"{Number(Width - Right)}\" "
                + $"y1=\"{Number(Y(mark))}\" y2=\"{Number(Y(mark))}\"/>");
            svg.Append(Text(Left - 6, Y(mark) + 4, "end", "mark", Show(mark)));
        }

        foreach (var mark in MarksOf(_x))
        {
            svg.Append(Text(X(mark), _height - Bottom + 16, "middle", "mark", MarkX?.Invoke(mark) ?? Show(mark)));
        }

        svg.Append($"<line class=\"axis\" x1=\"{Number(Left)}\" x2=\"{Number(Width - Right)}\" "
            + $"y1=\"{Number(_height - Bottom)}\" y2=\"{Number(_height - Bottom)}\"/>");

        // An inner picture clips what reaches beyond the axes, but for half a point.
        var inner = $"x=\"{Number(Left - Spare)}\" y=\"{Number(Top - Spare)}\" "
            + $"width=\"{Number(Width - Left - Right + (2 * Spare))}\" "
            + $"height=\"{Number(_height - Top - Bottom + (2 * Spare))}\"";
        svg.Append($"<svg {inner} viewBox=\"{Number(Left - Spare)} {Number(Top - Spare)} "
            + $"{Number(Width - Left - Right + (2 * Spare))} {Number(_height - Top - Bottom + (2 * Spare))}\">");
        svg.Append(_shapes).Append("</svg>");
        svg.Append(Text((Left + Width - Right) / 2, _height - 8, "middle", "name", NameX));
        var middle = Number((Top + _height - Bottom) / 2);
        svg.Append($"<text class=\"name\" text-anchor=\"middle\" transform=\"translate(14 {middle}) rotate(-90)\">"
            + $"{WebUtility.HtmlEncode(NameY)}</text>");
        return svg.Append("</svg>").ToString();
    }

    private void Rectangle(double x, double y, double width, double height, string colour, double opacity) =>
        _shapes.Append($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0.5, width))}\" "
            + $"height=\"{Number(height)}\" fill=\"{colour}\" fill-opacity=\"{Number(opacity)}\"/>");

    private double X(double value) => Left + ((value - _x.Low) / (_x.High - _x.Low) * (Width - Left - Right));

    private double Y(double value) =>
        _height - Bottom - ((value - _y.Low) / (_y.High - _y.Low) * (_height - Top - Bottom));

    private static (double Low, double High) RangeOf(IEnumerable<double> values, double margin)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (!(low < high))
        {
            return double.IsFinite(low) ? (low - 1, low + 1) : (0, 1);
        }

        var spare = (high - low) * margin;
        return (low - spare, high + spare);
    }

    // Steps of 1, 2 or 5 times a power of ten.
    private static IEnumerable<double> MarksOf((double Low, double High) range)
    {
        var rough = (range.High - range.Low) / Marks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        for (var i = Math.Ceiling(range.Low / step); i * step <= range.High; i++)
        {
            // Without the sign of a nought that came from below.
            yield return (i * step) + 0.0;
        }
    }

    private static string Show(double mark) => Math.Abs(mark) is > 0 and < 1e-3
        ? mark.ToString("0.##E0", CultureInfo.InvariantCulture)
        : mark.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string Text(double x, double y, string anchor, string style, string text) =>
        $"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\">"
        + $"{WebUtility.HtmlEncode(text)}</text>";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
