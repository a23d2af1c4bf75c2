using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowEngine.Cli.Frame;

/// <summary>Options that check their values and say in plain words what is allowed.</summary>
internal static class CliOption
{
    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A text; null when it is not given.</summary>
    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>A whole number with a default.</summary>
    public static Option<long> Whole(
        string name, string description, long min, long max, long defaultValue) => new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => ParseWhole(result, name, min, max) ?? defaultValue,
        };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<long?> OptionalWhole(string name, string description, long min, long max) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseWhole(result, name, min, max),
    };

    /// <summary>Whole numbers; the option may be repeated.</summary>
    public static Option<long[]> Wholes(string name, string description, long min, long max) => new(name)
    {
        Description = description,
        HelpName = "N",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
        CustomParser = result =>
            [.. result.Tokens.Select(token => ParseWhole(result, token.Value, name, min, max) ?? 0)],
    };

    /// <summary>A number that may be left out.</summary>
    public static Option<double?> OptionalNumber(
        string name, string helpName, string description, double min, double max) => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => ParseNumber(result, name, min, max),
        };

    /// <summary>A number with a default.</summary>
    public static Option<double> Number(
        string name, string helpName, string description, double min, double max, double defaultValue) => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => ParseNumber(result, name, min, max) ?? defaultValue,
        };

    /// <summary>One of a few words.</summary>
    public static Option<string> Choice(
        string name, string helpName, string description, IReadOnlyList<string> words, string defaultWord) => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => defaultWord,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
                if (!words.Contains(text))
                {
                    result.AddError($"{name} is '{text}': use {string.Join(", ", words)}");
                }

                return text;
            },
        };

    /// <summary>A size in bytes that may be left out; k, m and g are binary.</summary>
    public static Option<long?> OptionalSize(string name, string description, long min, long max) => new(name)
    {
        Description = description,
        HelpName = "BYTES",
        CustomParser = result => ParseSize(result, name, min, max),
    };

    /// <summary>File names; a forgotten option is not taken for one.</summary>
    public static Argument<string[]> Files(string name, string description, ArgumentArity arity)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = arity };
        argument.Validators.Add(result =>
        {
            var stray = result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-') && token.Value.Length > 1);
            if (stray is not null)
            {
                result.AddError($"unknown option '{stray.Value}'");
            }
        });
        return argument;
    }

    private static long? ParseWhole(ArgumentResult result, string name, long min, long max) =>
        ParseWhole(result, result.Tokens.Count > 0 ? result.Tokens[^1].Value : "", name, min, max);

    private static long? ParseWhole(ArgumentResult result, string text, string name, long min, long max)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max)
        {
            return value;
        }

        result.AddError(max == long.MaxValue
            ? $"{name} is '{text}': use a whole number of at least {min}"
            : $"{name} is '{text}': use a whole number from {min} to {max}");
        return null;
    }

    private static long? ParseSize(ArgumentResult result, string name, long min, long max)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        var suffix = text.Length == 0 ? ' ' : char.ToLowerInvariant(text[^1]);
        var shift = suffix switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = shift == 0 ? text : text[..^1];
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= long.MaxValue >> shift && (value << shift) >= min && (value << shift) <= max)
        {
            return value << shift;
        }

        result.AddError($"{name} is '{text}': use {min >> 10}k to {max >> 20}m");
        return null;
    }

    private static double? ParseNumber(ArgumentResult result, string name, double min, double max)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max)
        {
            return value;
        }

        result.AddError($"{name} is '{text}': use a number from {min:R} to {max:R}");
        return null;
    }
}
