using System.Runtime.InteropServices;

namespace FlowEngine.Peers;

/// <summary>What a table has to say about where it was measured.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        var name = model?[(model.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"{name}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.OSDescription}, load average {load} at start";
    }
}
