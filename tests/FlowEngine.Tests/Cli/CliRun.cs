using System.Text;
using System.Text.Json;
using FlowEngine.Cli;
using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli;

/// <summary>A command run in this process through the entry that the process uses, with its output kept.</summary>
internal sealed class CliRun : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly StopSignal _stop = new();
    private readonly Task<int> _task;

    private CliRun(string[] args)
    {
        var output = new CommandOutput(TextWriter.Synchronized(_out), TextWriter.Synchronized(_error));
        _task = Task.Factory.StartNew(
            () => FlowEngineCli.Run(args, output, _stop),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    public string Out => Read(_out);

    public string Error => Read(_error);

    public string[] ErrorLines =>
        Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The last line of stdout as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            var last = Out.TrimEnd('\n').Split('\n')[^1];
            using var document = JsonDocument.Parse(last);
            return document.RootElement.Clone();
        }
    }

    public bool HasEnded => _task.IsCompleted;

    /// <summary>Starts a command and lets it run.</summary>
    public static CliRun Start(params string[] args) => new(args);

    /// <summary>Runs a command to its end.</summary>
    public static CliRun ToEnd(out int exitCode, params string[] args)
    {
        var run = new CliRun(args);
        exitCode = run.WaitForExit();
        return run;
    }

    /// <summary>Asks the command to stop, as Ctrl-C does, and waits for it.</summary>
    public int Stop()
    {
        _stop.Request();
        return WaitForExit();
    }

    public int WaitForExit()
    {
        Assert.True(_task.Wait(s_limit), $"the command did not end; it said: {Error}");
        return _task.Result;
    }

    public void Dispose()
    {
        if (!_task.IsCompleted)
        {
            Stop();
        }
    }

    // The synchronized writers lock themselves; reading under the same lock would need them, so read a copy that may be
    // retried.
    private static string Read(StringWriter writer)
    {
        StringBuilder builder = writer.GetStringBuilder();
        while (true)
        {
            try
            {
                return builder.ToString();
            }
            catch (ArgumentException)
            {
                Thread.Yield();
            }
        }
    }
}
