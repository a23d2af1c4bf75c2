using FlowEngine.Aeron.Control;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Driver;

/// <summary>Says each distinct error of a driver's error log once, as it comes. One thread.</summary>
internal sealed class ErrorFeed : IDisposable
{
    private readonly CncFile _cnc;
    private readonly Action<string> _say;
    private readonly HashSet<(long FirstMs, string Text)> _said = [];

    /// <summary>A feed from the log of a driver that runs.</summary>
    public ErrorFeed(string directory, Action<string> say)
    {
        _cnc = CncFile.TryOpen(directory, readOnly: true, out var reason)
            ?? throw new UserError($"no media driver is running in {directory}: {CncFile.FileName} is {reason}");
        _say = say;
    }

    /// <summary>Distinct errors so far.</summary>
    public int Distinct => _said.Count;

    /// <summary>Looks for new ones.</summary>
    /// <returns>All errors so far, also those that were seen before.</returns>
    public long Look()
    {
        var total = 0L;
        foreach (var error in _cnc.ReadErrors())
        {
            total += error.Count;
            if (_said.Add((error.FirstMs, error.Text)))
            {
                _say($"flowengine: error: {error.Text.ReplaceLineEndings(" ").Trim()}");
            }
        }

        return total;
    }

    /// <inheritdoc/>
    public void Dispose() => _cnc.Dispose();
}
