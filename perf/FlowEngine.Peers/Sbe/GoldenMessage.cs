namespace FlowEngine.Peers.Sbe;

/// <summary>
/// Copies of one golden message in one array, read (or written) in turn so that nothing can be hoisted out of the loop.
/// </summary>
internal sealed class GoldenMessage
{
    /// <summary>Copies; a power of two.</summary>
    public const int Copies = 16;

    /// <summary>Reads a golden message of the folder beside the schemas.</summary>
    public GoldenMessage(string file)
    {
        var path = Path.Combine(Folder(), file);
        Golden = File.ReadAllBytes(path);
        Stride = (Golden.Length + 63) / 64 * 64;
        Source = new byte[Stride * Copies];
        Target = new byte[Stride * Copies];
        for (var i = 0; i < Copies; i++)
        {
            Golden.CopyTo(Source, i * Stride);
        }
    }

    /// <summary>The message as the official tool wrote it.</summary>
    public byte[] Golden { get; }

    /// <summary>Bytes from one copy to the next, a multiple of 64.</summary>
    public int Stride { get; }

    /// <summary>What decoders read.</summary>
    public byte[] Source { get; }

    /// <summary>What encoders write.</summary>
    public byte[] Target { get; }

    /// <summary>Where the copy of this turn begins.</summary>
    public int Offset(int turn) => (turn & (Copies - 1)) * Stride;

    /// <summary>Throws unless every copy that was written equals the golden message, byte for byte.</summary>
    public void CheckWritten(string who)
    {
        for (var i = 0; i < Copies; i++)
        {
            if (!Target.AsSpan(i * Stride, Golden.Length).SequenceEqual(Golden))
            {
                throw new InvalidOperationException($"{who} wrote other bytes than the golden message");
            }
        }

        Array.Clear(Target);
    }

    private static string Folder()
    {
        var data = Environment.GetEnvironmentVariable("FLOWENGINE_DATA") ?? Path.Combine("..", "shared", "data");
        var folder = Path.GetFullPath(Path.Combine(data, "..", "conformance", "sbe"));
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException(
                $"no golden messages in {folder}: run from the repository, or set FLOWENGINE_DATA");
    }
}
