using System.Collections.Concurrent;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// What other agents ask of this one: posted from any thread, run by the owner in its next duty cycle. Cold side:
/// streams and endpoints come and go through it, messages never do.
/// </summary>
internal sealed class CommandQueue
{
    private readonly ConcurrentQueue<Action> _commands = [];

    /// <summary>Asks the owner to run <paramref name="command"/>; in order for each caller. Any thread.</summary>
    public void Post(Action command) => _commands.Enqueue(command);

    /// <summary>Runs what is there. Owner's thread.</summary>
    /// <returns>How many were run.</returns>
    public int Drain()
    {
        if (_commands.IsEmpty)
        {
            return 0;
        }

        // What a command posts to its own queue waits for the next cycle: a duty cycle must end.
        var count = _commands.Count;
        for (var i = 0; i < count; i++)
        {
            if (_commands.TryDequeue(out var command))
            {
                command();
            }
        }

        return count;
    }
}
