using System.Diagnostics;
using Xunit;

namespace FlowEngine.Tests.Cli;

/// <summary>Waits for a condition that another thread brings about, with a limit.</summary>
internal static class Await
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static void That(Func<bool> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < s_limit, otherwise());
            Thread.Yield();
        }
    }
}
