using System.Diagnostics;
using System.Text;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>A program of the original Aeron, with its output kept. Ended by SIGINT, so that it says goodbye.</summary>
internal sealed class NativeProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private NativeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Path of Aeron's own driver; skips the test without.</summary>
    public static string DriverPath()
    {
        var path = Environment.GetEnvironmentVariable("AERONMD");
        if (string.IsNullOrEmpty(path))
        {
            Assert.Skip("AERONMD is not set: path of Aeron's own media driver");
        }

        return path;
    }

    /// <summary>Path of one of Aeron's own C samples; skips the test without.</summary>
    public static string SamplePath(string name)
    {
        var folder = Environment.GetEnvironmentVariable("AERON_SAMPLES");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Skip("AERON_SAMPLES is not set: folder of Aeron's own C samples");
        }

        return Path.Combine(folder, name);
    }

    public static NativeProcess Start(string path, string[] arguments, params (string Key, string Value)[] environment)
    {
        // stdbuf: the samples' output goes through a pipe and would come in blocks.
        var info = new ProcessStartInfo("stdbuf", ["-oL", "-eL", path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        return new NativeProcess(Process.Start(info)!);
    }

    public Task UntilOutput(string text) =>
        Wait.Until(() => Output.Contains(text, StringComparison.Ordinal), () => Output);

    public async Task UntilExit()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
    }

    public void Interrupt()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", _process.Id.ToString()]);
            kill.WaitForExit();
        }
    }

    public void Dispose()
    {
        Interrupt();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
