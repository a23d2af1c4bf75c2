using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Input;

/// <summary>How input files are opened: the same options and formats wherever files are read.</summary>
internal sealed class InputOptionSet
{
    private readonly Option<string?> _format = CliOption.Text(
        "--format", "NAME", $"How the files are written [default: their content tells]: {string.Join(", ",
            InputFormats.Names)}");

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        _format.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && InputFormats.Parse(result.Tokens[^1].Value) == InputFormat.Unknown)
            {
                result.AddError(
                    $"--format is '{result.Tokens[^1].Value}': use one of {string.Join(", ", InputFormats.Names)}");
            }
        });
        command.Options.Add(_format);
    }

    /// <summary>Opens files as the user wants them opened.</summary>
    public Func<string, FileReader> Read(ParseResult parsed)
    {
        var name = parsed.GetValue(_format);
        var format = name is null ? InputFormat.Unknown : InputFormats.Parse(name);
        return path => InputFile.Open(path, format, Unpackers.Open);
    }
}
