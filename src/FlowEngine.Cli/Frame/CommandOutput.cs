using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace FlowEngine.Cli.Frame;

/// <summary>
/// Where a command writes. The result goes to stdout, everything said on the way (progress, notices, errors) to stderr.
/// Under
/// <c>--json</c> the result is one JSON object on the last line of stdout, and tables go to stderr too.
/// </summary>
internal sealed class CommandOutput
{
    private const int WidthWithoutTerminal = 160;

    private readonly TextWriter _out;
    private readonly TextWriter _error;
    private readonly bool _outIsTerminal;

    /// <summary>An output on two writers.</summary>
    public CommandOutput(TextWriter stdout, TextWriter stderr, bool outIsTerminal = false, bool errorIsTerminal = false)
    {
        _out = stdout;
        _error = stderr;
        _outIsTerminal = outIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
    }

    /// <summary>Whether the result is wanted as JSON.</summary>
    public bool IsJson { get; private init; }

    /// <summary>Whether a progress line may be drawn over.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Whether tables may be live and coloured.</summary>
    public bool TablesAreLive => IsJson ? ErrorIsTerminal : _outIsTerminal;

    /// <summary>Where tables and text results go.</summary>
    public TextWriter Tables => IsJson ? _error : _out;

    /// <summary>Where progress and notices go.</summary>
    public TextWriter Notices => _error;

    /// <summary>Where a result goes that is written piece by piece, under <c>--json</c> too.</summary>
    public TextWriter Stream => _out;

    /// <summary>Whether stdout is a terminal.</summary>
    public bool OutIsTerminal => _outIsTerminal;

    /// <summary>Where help goes.</summary>
    public TextWriter Help => _out;

    /// <summary>The process's own.</summary>
    public static CommandOutput OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>The same output with or without <c>--json</c>.</summary>
    public CommandOutput WithJson(bool isJson) =>
        new(_out, _error, _outIsTerminal, ErrorIsTerminal) { IsJson = isJson };

    /// <summary>Says something to the human.</summary>
    public void Notice(string line) => _error.WriteLine(line);

    /// <summary>Writes the result: as JSON if that is wanted, otherwise as <paramref name="text"/>.</summary>
    public void Result<T>(T result, JsonTypeInfo<T> typeInfo, string text)
    {
        if (!IsJson)
        {
            _out.WriteLine(text);
            return;
        }

        _error.Flush();
        _out.WriteLine(JsonSerializer.Serialize(result, typeInfo));
        _out.Flush();
    }

    /// <summary>
    /// A console for tables, with cursor movement and the sixteen colours of the user's own theme where there is a
    /// terminal.
    /// </summary>
    public IAnsiConsole CreateConsole()
    {
        var withColours = TablesAreLive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Tables),
            Ansi = TablesAreLive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = withColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!TablesAreLive)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        return console;
    }
}
