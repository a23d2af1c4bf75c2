using System.Diagnostics;
using System.Text;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>One process of <see cref="KillChild"/>, to be killed without warning.</summary>
internal sealed class KillProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public KillProcess(params string[] args)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"{typeof(KillProcess).Assembly.GetName().Name}.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, KillChild.Word, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
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

    public bool HasExited => _process.HasExited;

    public bool HasSaid(string text) => Output.Contains(text, StringComparison.Ordinal);

    public Task UntilSaid(string text) => Wait.Until(
        () =>
        {
            Assert.True(HasSaid(text) || !HasExited, $"ended without '{text}': {Output}");
            return HasSaid(text);
        },
        () => Output);

    /// <summary>SIGKILL: the process gets no chance to say goodbye.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task<int> UntilExit()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
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
