using System.Globalization;
using System.Text;
using FlowEngine.Cli.Stat;

namespace FlowEngine.Cli.Aeron;

/// <summary>The distinct error log of a driver.</summary>
/// <param name="Directory">Of which driver.</param>
/// <param name="DistinctErrors">How many.</param>
/// <param name="Errors">In order of first appearance.</param>
internal sealed record ErrorReport(string Directory, int DistinctErrors, IReadOnlyList<LoggedError> Errors)
{
    /// <summary>Reads the log of a driver.</summary>
    public static ErrorReport Read(string directory)
    {
        using var cnc = DriverFiles.OpenCnc(directory);
        List<LoggedError> errors = [.. cnc.ReadErrors().Select(LoggedError.Of)];
        return new ErrorReport(directory, errors.Count, errors);
    }

    /// <summary>For people: a line of numbers for each error, its text indented below.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var error in Errors)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{error.Count} times from {error.First:yyyy-MM-dd HH:mm:ss.fff}Z to ");
            text.Append(CultureInfo.InvariantCulture, $"{error.Last:yyyy-MM-dd HH:mm:ss.fff}Z\n");
            foreach (var line in error.Text.AsSpan().Trim().EnumerateLines())
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"{DistinctErrors} distinct errors").ToString();
    }
}
