using FlowEngine.Core.Agents;
using Xunit;

namespace FlowEngine.Concurrency;

/// <summary>
/// Two actors that race over the same state for many rounds, and a tally of what they saw. A test names the outcomes
/// that are forbidden; those that are merely rare are printed, so that a reader sees whether the race took place at
/// all.
/// </summary>
internal static class Litmus
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Whether FLOWENGINE_FULL=1 asks for all rounds; 1 % of them otherwise.</summary>
    public static bool Full => Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1";

    /// <summary>How many rounds of <paramref name="full"/> to do.</summary>
    public static int Rounds(int full) => Full ? full : Math.Max(1, full / 100);

    /// <summary>Runs both actors at the same time, from the same instant, to their ends.</summary>
    public static void Race(Action first, Action second)
    {
        using var start = new Barrier(2);
        var one = AgentThread.Start("actor 1", () => Meet(start, first));
        var two = AgentThread.Start("actor 2", () => Meet(start, second));
        Assert.True(one.Join(s_limit), "actor 1 hangs");
        Assert.True(two.Join(s_limit), "actor 2 hangs");
        Assert.Null(one.Failure);
        Assert.Null(two.Failure);
    }

    private static void Meet(Barrier start, Action actor)
    {
        start.SignalAndWait();
        actor();
    }
}
