using System.Collections.Concurrent;
using System.Reflection;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>A conformance schema compiled and loaded, with its harness; each is compiled once per run.</summary>
internal sealed class Codec
{
    private delegate string? DumpFunction(byte[] buffer, int start, int length, out int encoded);

    private delegate byte[]? JsonFunction(byte[] buffer, int start, int length, out int encoded);

    private delegate int ProbeFunction(ReadOnlySpan<byte> message);

    private delegate int RecodeFunction(byte[] buffer, int start, int length, byte[] target);

    private static readonly ConcurrentDictionary<string, Lazy<Codec>> s_codecs = new();

    private readonly DumpFunction _dump;
    private readonly RecodeFunction _recode;
    private readonly JsonFunction _json;
    private readonly ProbeFunction _probe;

    private Codec(Assembly assembly)
    {
        var harness = assembly.GetType("Harness")!;
        _dump = harness.GetMethod("Dump")!.CreateDelegate<DumpFunction>();
        _recode = harness.GetMethod("Recode")!.CreateDelegate<RecodeFunction>();
        _probe = harness.GetMethod("Probe")!.CreateDelegate<ProbeFunction>();
        _json = harness.GetMethod("Json")!.CreateDelegate<JsonFunction>();
    }

    public static Codec Of(string schema) =>
        s_codecs.GetOrAdd(schema, name => new Lazy<Codec>(() => Of(SbeFiles.Schema(name, "Golden")))).Value;

    public static Codec Of(SchemaText[] schema) =>
        new(SbeCompiler.Load(schema, [HarnessWriter.Write(schema)]));

    /// <summary>The message as JSON, or null when the reader refuses it.</summary>
    public string? Dump(ReadOnlySpan<byte> message, out int encodedLength) =>
        _dump(message.ToArray(), 0, message.Length, out encodedLength);

    /// <summary>Reads every member where the message lies; its length, or -1 when it is refused.</summary>
    public int Probe(ReadOnlySpan<byte> message)
    {
        lock (_probe)
            return _probe(message);
    }

    /// <summary>What the generated <c>TryWriteJson</c> writes, or null when it refuses the message.</summary>
    public string? Json(ReadOnlySpan<byte> message, out int encodedLength) =>
        _json(message.ToArray(), 0, message.Length, out encodedLength) is { } json
            ? System.Text.Encoding.UTF8.GetString(json) : null;

    /// <summary>
    /// Reads the message where it is surrounded by one filling and then by another: a reader that looks beyond its
    /// span would see two different messages.
    /// </summary>
    public string? DumpGuarded(ReadOnlySpan<byte> message)
    {
        const int Margin = 256;
        var buffer = new byte[message.Length + (2 * Margin)];
        string? seen = null;
        foreach (byte filling in new byte[] { 0x00, 0xFF, 0x41 })
        {
            buffer.AsSpan().Fill(filling);
            message.CopyTo(buffer.AsSpan(Margin));
            var dump = _dump(buffer, Margin, message.Length, out var encoded);
            Assert.InRange(encoded, 0, message.Length);
            if (filling != 0)
                Assert.Equal(seen, dump);
            seen = dump;
        }

        return seen;
    }

    /// <summary>Copies the message member by member into a dirty buffer and returns what was written.</summary>
    public byte[] Recode(ReadOnlySpan<byte> message)
    {
        var target = new byte[message.Length + 64];
        target.AsSpan().Fill(0xEE);
        var length = _recode(message.ToArray(), 0, message.Length, target);
        Assert.True(length >= 0, "The reader refused the message.");
        return target[..length];
    }
}
