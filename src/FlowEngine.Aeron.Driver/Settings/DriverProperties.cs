using System.Collections;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Settings of a driver as text under the original's names, <c>aeron.dir</c> or <c>AERON_DIR</c>: from properties
/// files, the environment and single values. A later one wins; an empty one takes the default back.
/// <code>
/// var properties = new DriverProperties();
/// properties.ReadEnvironment();
/// properties.ReadFile("driver.properties");
/// properties.Set("aeron.threading.mode", "SHARED", "command line");
/// var context = properties.ToContext(); // then properties.Warnings
/// </code>
/// </summary>
public sealed class DriverProperties
{
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>A line for each that is not heeded: unknown, or Aeron's but of no meaning here.</summary>
    public IReadOnlyList<string> Warnings => [.. _entries.Values
        .Where(e => DriverSettings.Find(e.Name) is null)
        .OrderBy(e => e.Order)
        .Select(e => DriverSettings.IsKnownElsewhere(e.Name)
            ? $"{e.Origin}: {e.Name}={e.Value} is Aeron's, but this driver does not heed it"
            : $"{e.Origin}: {e.Name}={e.Value} is not a setting of a driver")];

    /// <summary>Names of the settings that are heeded, with what each may be.</summary>
    public static IEnumerable<(string Name, string Allowed)> Known =>
        DriverSettings.Heeded.Select(s => (s.Name, s.Allowed));

    /// <summary>Sets one value; <paramref name="origin"/> is where it came from, for messages.</summary>
    public void Set(string name, string value, string origin) =>
        _entries[DriverSettings.Key(name)] = new Entry(name, value, origin, _entries.Count);

    /// <summary>Takes the settings among the environment's variables; others are passed over.</summary>
    public void ReadEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && DriverSettings.Find(name) is not null)
            {
                Set(name, value, "environment");
            }
        }
    }

    /// <summary>
    /// Reads a properties file: <c>key=value</c> or <c>key:value</c>, comments after # or !, a value goes on in the
    /// next line after a backslash.
    /// </summary>
    /// <exception cref="DriverPropertyException">It cannot be read, or a line is no property.</exception>
    public void ReadFile(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverPropertyException($"cannot read properties: {e.Message}");
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var first = i;
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }

            while (line.EndsWith('\\') && i + 1 < lines.Length)
            {
                line = line[..^1] + lines[++i].Trim();
            }

            var divider = line.AsSpan().IndexOfAny('=', ':');
            if (divider <= 0)
            {
                throw new DriverPropertyException($"{path}:{first + 1}: '{line}' is not key=value");
            }

            Set(line[..divider].TrimEnd(), line[(divider + 1)..].TrimStart(), $"{path}:{first + 1}");
        }
    }

    /// <summary>The settings over Aeron's defaults, or over <paramref name="defaults"/>.</summary>
    /// <exception cref="DriverPropertyException">A value is not allowed: where, key, value, what is.</exception>
    public MediaDriverContext ToContext(MediaDriverContext? defaults = null)
    {
        var context = defaults ?? new MediaDriverContext();
        foreach (var entry in _entries.Values.OrderBy(e => e.Order))
        {
            if (DriverSettings.Find(entry.Name) is { } setting && entry.Value.Length > 0)
            {
                context = setting.Apply(context, entry.Value)
                    ?? throw new DriverPropertyException(
                        $"{entry.Origin}: {entry.Name}={entry.Value} must be {setting.Allowed}");
            }
        }

        return context;
    }

    private readonly record struct Entry(string Name, string Value, string Origin, int Order);
}
