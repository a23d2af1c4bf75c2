using Xunit;

namespace FlowEngine.SystemTests.Aeron;

internal static class Wait
{
    /// <summary>Awaits a condition, at most 20 seconds.</summary>
    public static async Task Until(Func<bool> condition, Func<string>? detail = null)
    {
        var limit = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, $"condition not met in 20 s {detail?.Invoke()}");
            await Task.Delay(1);
        }
    }

    /// <summary>A directory of its own for a driver.</summary>
    public static string NewDirectory() =>
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"flow-system-{Guid.NewGuid():N}");
}
