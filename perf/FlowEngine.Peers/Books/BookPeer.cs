using System.Diagnostics;
using System.Globalization;

namespace FlowEngine.Peers.Books;

/// <summary>
/// Somebody else's book in a process of its own, since it is not .NET: <c>PROGRAM STREAM-FILE</c> reads the file into
/// memory; for each line "passes" it applies the whole stream so many times from an empty book, reads the best bid
/// after each message, and answers "nanoseconds sum", where sum adds up price and lots of the best bids.
/// </summary>
internal sealed class BookPeer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the program.</summary>
    /// <param name="text">NAME=PROGRAM.</param>
    /// <param name="stream">Path of the file to read.</param>
    /// <exception cref="ArgumentException">Not of that form, or the program does not start.</exception>
    public BookPeer(string text, string stream)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        Name = equals > 0 ? text[..equals] : throw new ArgumentException($"--peer {text}: give NAME=PROGRAM");
        _process = Process.Start(new ProcessStartInfo(text[(equals + 1)..], [stream])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new ArgumentException($"--peer {text}: the program does not start");
    }

    /// <summary>As printed.</summary>
    public string Name { get; }

    /// <summary>One measurement.</summary>
    public (double Nanoseconds, ulong Sum) Run(int passes)
    {
        _process.StandardInput.WriteLine(passes);
        _process.StandardInput.Flush();
        var words = _process.StandardOutput.ReadLine()?.Split(' ')
            ?? throw new InvalidOperationException($"{Name} ended before it answered");
        var culture = CultureInfo.InvariantCulture;
        return (double.Parse(words[0], culture), ulong.Parse(words[1], culture));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
