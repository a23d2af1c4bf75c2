using System.Diagnostics;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// A network namespace with nothing but loopback, for what must not get out: the test program runs itself in one, with
/// a filter for the test that asked.
/// </summary>
internal static class PrivateNetwork
{
    private const string Mark = "FLOWENGINE_PRIVATE_NETWORK";
    private const string SetUp =
        "ip link set lo up multicast on && ip route add 224.0.0.0/4 dev lo && exec \"$@\"";

    /// <summary>Whether this process was started in one.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(Mark) == "1";

    /// <summary>Runs a class of this program in one; skips if none can be made.</summary>
    public static async Task RunInside(string classFilter)
    {
        var (code, output) = await Run("true");
        if (code != 0)
        {
            Assert.Skip($"no private network namespace can be made: {output.Trim()}");
        }

        (code, output) = await Run(
            Environment.ProcessPath!, [.. HostArguments(), "--no-ansi", "--filter-class", classFilter]);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(code == 0, output);
        Assert.Contains("succeeded: 1", output);
        Assert.Contains("skipped: 0", output);
    }

    /// <summary>The program itself, if a host runs it.</summary>
    private static string[] HostArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(PrivateNetwork).Assembly.Location]
            : [];

    private static async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo("unshare", ["-rn", "sh", "-c", SetUp, "sh", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment[Mark] = "1";
        try
        {
            using var process = Process.Start(info)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
