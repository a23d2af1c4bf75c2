using System.Diagnostics;
using System.Globalization;

namespace FlowEngine.Peers.Messaging;

/// <summary>
/// A client that is not .NET, in a process of its own: <c>PROGRAM DIRECTORY</c> connects to the driver there, and
/// answers each line with one line of numbers; see README.md.
/// </summary>
internal sealed class NativeStreams : IStreamPeer
{
    private readonly Process _process;

    /// <summary>Starts the program.</summary>
    public NativeStreams(string program, string directory) =>
        _process = Process.Start(new ProcessStartInfo(program, [directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new ArgumentException($"{program} does not start");

    /// <inheritdoc/>
    public double Throughput(string channel, int length, int count, Publishing publishing) =>
        Ask($"throughput {channel} {length} {count} {publishing}")[0];

    /// <inheritdoc/>
    public RoundTrips RoundTrip(string channel, int length, int count) =>
        Ask($"rtt {channel} {length} {count}") is [var p50, var p99, var p999, ..]
            ? new RoundTrips(p50, p99, p999)
            : throw new InvalidOperationException("the program answers less than three percentiles");

    /// <inheritdoc/>
    public double PollCost(int length, int count) => Ask($"poll {length} {count}")[0];

    /// <inheritdoc/>
    public double ClaimCost(int length, int count) => Ask($"claim {length} {count}")[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private double[] Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"the program ended before it answered '{question}'");
        return Array.ConvertAll(answer.Split(' '), word => double.Parse(word, CultureInfo.InvariantCulture));
    }
}
