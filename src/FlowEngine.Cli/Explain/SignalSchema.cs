using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Cli.Explain;

/// <summary>The schema of the signals, as this program was built with it: names and meanings of all fields.</summary>
internal static class SignalSchema
{
    private const string Name = "signals.xml";

    /// <summary>What decodes the engine's own messages.</summary>
    public static SchemaDecoder Load()
    {
        using var stream = typeof(SignalSchema).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not in the program");
        using var reader = new StreamReader(stream);
        return SchemaDecoder.Compile(SbeSchema.Parse(reader.ReadToEnd(), Name));
    }
}
