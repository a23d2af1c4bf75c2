using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace FlowEngine.Aeron;

/// <summary>
/// A channel: <c>[aeron-spy:]aeron:(udp|ipc)[?key=value(|key=value)*]</c>. Case sensitive, no escaping, at most
/// 4095 characters; unknown keys are kept and ignored.
/// </summary>
public sealed class ChannelUri
{
    /// <summary>Longest channel.</summary>
    public const int MaxLength = 4095;

    /// <summary>Media of shared memory.</summary>
    public const string Ipc = "ipc";

    /// <summary>Media of datagrams.</summary>
    public const string Udp = "udp";

    private const string SpyPrefix = "aeron-spy:";
    private const string Scheme = "aeron:";

    private readonly Dictionary<string, string> _parameters;

    private ChannelUri(string text, bool isSpy, string media, Dictionary<string, string> parameters)
    {
        Text = text;
        IsSpy = isSpy;
        Media = media;
        _parameters = parameters;
    }

    /// <summary>The channel as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether it listens in on a local publication.</summary>
    public bool IsSpy { get; }

    /// <summary><see cref="Ipc"/> or <see cref="Udp"/>.</summary>
    public string Media { get; }

    /// <summary>Whether it is plain shared memory.</summary>
    public bool IsIpc => Media == Ipc && !IsSpy;

    /// <summary>Free text for people.</summary>
    public string? Alias => this["alias"];

    /// <summary>All parameters, in the order they were given.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _parameters;

    /// <summary>A parameter, or null.</summary>
    public string? this[string key] => _parameters.GetValueOrDefault(key);

    /// <summary>Parses a channel.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ChannelUri Parse(string text) =>
        TryParse(text, out var uri, out var error) ? uri : throw new FormatException(error);

    /// <summary>Parses a channel; on failure <paramref name="error"/> says why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ChannelUri? uri, out string error)
    {
        uri = null;
        if (text.Length > MaxLength)
        {
            error = $"channel of {text.Length} characters is longer than {MaxLength}";
            return false;
        }

        var rest = text.AsSpan();
        var isSpy = rest.StartsWith(SpyPrefix, StringComparison.Ordinal);
        if (isSpy)
        {
            rest = rest[SpyPrefix.Length..];
        }

        if (!rest.StartsWith(Scheme, StringComparison.Ordinal))
        {
            error = $"channel must start with '{Scheme}': {text}";
            return false;
        }

        rest = rest[Scheme.Length..];
        var question = rest.IndexOf('?');
        var media = (question < 0 ? rest : rest[..question]).ToString();
        if (media is not (Ipc or Udp))
        {
            error = $"channel media must be '{Ipc}' or '{Udp}': {text}";
            return false;
        }

        if (question < 0 && media == Udp)
        {
            error = $"channel 'aeron:udp' needs parameters: {text}";
            return false;
        }

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (question >= 0 && !TryParseParameters(rest[(question + 1)..], parameters))
        {
            error = $"channel parameters must be key=value, divided by '|': {text}";
            return false;
        }

        uri = new ChannelUri(text, isSpy, media, parameters);
        error = "";
        return true;
    }

    /// <summary>An integer parameter.</summary>
    /// <exception cref="FormatException">It is there but no such integer.</exception>
    public int? Int32(string key) => this[key] is not { } value
        ? null
        : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Bad(key, value, "an integer of 32 bits");

    /// <summary>An integer parameter.</summary>
    /// <exception cref="FormatException">It is there but no such integer.</exception>
    public long? Int64(string key) => this[key] is not { } value
        ? null
        : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Bad(key, value, "an integer of 64 bits");

    /// <summary>A size in bytes; suffixes k, m and g are binary.</summary>
    /// <exception cref="FormatException">It is there but no size.</exception>
    public long? Size(string key)
    {
        if (this[key] is not { } value)
        {
            return null;
        }

        var factor = value.Length == 0 ? 1 : char.ToLowerInvariant(value[^1]) switch
        {
            'k' => 1024L,
            'm' => 1024L * 1024,
            'g' => 1024L * 1024 * 1024,
            _ => 1,
        };
        return Scaled(value.AsSpan(0, factor == 1 ? value.Length : value.Length - 1), factor)
            ?? throw Bad(key, value, "a size, such as 65536 or 64k");
    }

    /// <summary>A duration in nanoseconds; suffixes ns, us, ms and s, plain is nanoseconds.</summary>
    /// <exception cref="FormatException">It is there but no duration.</exception>
    public long? DurationNs(string key)
    {
        if (this[key] is not { } value)
        {
            return null;
        }

        var (factor, suffix) = value switch
        {
            _ when value.EndsWith("ns", StringComparison.Ordinal) => (1L, 2),
            _ when value.EndsWith("us", StringComparison.Ordinal) => (1_000L, 2),
            _ when value.EndsWith("ms", StringComparison.Ordinal) => (1_000_000L, 2),
            _ when value.EndsWith('s') => (1_000_000_000L, 1),
            _ => (1L, 0),
        };
        return Scaled(value.AsSpan(0, value.Length - suffix), factor)
            ?? throw Bad(key, value, "a duration, such as 500ms");
    }

    /// <summary>A parameter that is literally true or false.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public bool? Bool(string key) => this[key] switch
    {
        null => null,
        "true" => true,
        "false" => false,
        { } value => throw Bad(key, value, "true or false"),
    };

    /// <summary>The channel as it was given.</summary>
    public override string ToString() => Text;

    /// <summary>A copy with one more, or another, parameter.</summary>
    public ChannelUri With(string key, string value) => Of(
        IsSpy, Media, new Dictionary<string, string>(_parameters, StringComparer.Ordinal) { [key] = value });

    /// <summary>A channel of these parts, which it does not copy; not checked against each other.</summary>
    internal static ChannelUri Of(bool isSpy, string media, Dictionary<string, string> parameters)
    {
        var text = new StringBuilder(isSpy ? SpyPrefix : "").Append(Scheme).Append(media);
        if (parameters.Count > 0)
        {
            text.Append('?').AppendJoin('|', parameters.Select(p => $"{p.Key}={p.Value}"));
        }

        return text.Length <= MaxLength
            ? new ChannelUri(text.ToString(), isSpy, media, parameters)
            : throw new FormatException($"channel of {text.Length} characters is longer than {MaxLength}");
    }

    private static bool TryParseParameters(ReadOnlySpan<char> text, Dictionary<string, string> parameters)
    {
        foreach (var range in text.Split('|'))
        {
            var pair = text[range];
            var equals = pair.IndexOf('=');
            if (equals <= 0)
            {
                return false;
            }

            parameters[pair[..equals].ToString()] = pair[(equals + 1)..].ToString();
        }

        return true;
    }

    private static long? Scaled(ReadOnlySpan<char> digits, long factor) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= long.MaxValue / factor
            ? number * factor
            : null;

    private FormatException Bad(string key, string value, string wanted) =>
        new($"channel parameter {key}={value} is not {wanted}: {Text}");
}
