using FlowEngine.Core.Agents;

namespace FlowEngine.Disruptor;

/// <summary>A consumer seen from outside, whatever its handler: to start, to stop and to look at. Any thread.</summary>
public interface IConsumer
{
    /// <summary>Its name, and its thread's.</summary>
    string Name { get; }

    /// <summary>The highest sequence it has finished.</summary>
    Sequence Sequence { get; }

    /// <summary>Whether it is started and has not ended.</summary>
    bool IsRunning { get; }

    /// <summary>Whether an exception has ended it: see <see cref="FailurePolicy.Halt"/>.</summary>
    bool IsHalted { get; }

    /// <summary>Events whose handling threw.</summary>
    long Failures { get; }

    /// <summary>What the handler threw last, or null.</summary>
    Exception? LastFailure { get; }

    /// <summary>Sizes of its batches.</summary>
    BatchStatistics Statistics { get; }

    /// <summary>Whether its thread is pinned as asked.</summary>
    Pinning Pinning { get; }

    /// <summary>Runs on a new thread until halted. Forgets any halt asked before.</summary>
    /// <param name="name">Name of the thread; <see cref="Name"/> by default.</param>
    /// <exception cref="InvalidOperationException">It is running.</exception>
    void Start(string? name = null);

    /// <summary>Stops after the current batch; what is left in the ring waits for the next start.</summary>
    void Halt();

    /// <summary>Handles everything published so far, then stops. One thread at a time.</summary>
    void DrainAndHalt();

    /// <summary>Waits for the thread of <see cref="Start"/> to end.</summary>
    /// <returns>False if it still runs after <paramref name="timeout"/>.</returns>
    bool Join(TimeSpan timeout);
}
