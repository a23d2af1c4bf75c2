using System.Diagnostics;
using System.Text;
using Xunit;

namespace FlowEngine.SystemTests.Engine;

/// <summary>One <c>flowengine</c> process, as a user would start it.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(180);

    private readonly Process _process;
    private readonly StringBuilder _stdout = new();
    private readonly StringBuilder _stderr = new();

    /// <summary>Starts a command.</summary>
    public CliProcess(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var arg in (string[])[Path.Combine(AppContext.BaseDirectory, "flowengine.dll"), .. args])
        {
            start.ArgumentList.Add(arg);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(_stdout, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_stderr, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to stderr so far.</summary>
    public string Stderr
    {
        get
        {
            lock (_stderr)
            {
                return _stderr.ToString();
            }
        }
    }

    /// <summary>Waits until stderr has the text.</summary>
    public void AwaitStderr(string text)
    {
        var clock = Stopwatch.StartNew();
        while (!Stderr.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited, $"ended with {(_process.HasExited ? _process.ExitCode : 0)}: {Stderr}");
            Assert.True(clock.Elapsed < s_limit, $"'{text}' never came: {Stderr}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Asks it to end, as Ctrl-C does.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The last line of stdout.</returns>
    public string AwaitExit(int exitCode = 0)
    {
        Assert.True(_process.WaitForExit(s_limit), $"did not end: {Stderr}");
        _process.WaitForExit();
        Assert.True(exitCode == _process.ExitCode, $"exit code {_process.ExitCode}, expected {exitCode}: {Stderr}");
        lock (_stdout)
        {
            return _stdout.ToString().TrimEnd().Split('\n')[^1];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder builder, string? line)
    {
        lock (builder)
        {
            builder.Append(line).Append('\n');
        }
    }
}
