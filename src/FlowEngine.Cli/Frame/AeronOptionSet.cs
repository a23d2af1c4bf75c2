using System.CommandLine;
using FlowEngine.Aeron;

namespace FlowEngine.Cli.Frame;

/// <summary>The Aeron options of a command line: the same names, defaults and checks wherever they are used.</summary>
internal sealed class AeronOptionSet
{
    private readonly Option<string?> _directory;
    private readonly Option<string> _feedChannel = Channel("--feed-channel", "Aeron channel of the market data");
    private readonly Option<long> _feedStream =
        Stream("--feed-stream", "Aeron stream of the market data", AeronOptions.DefaultFeedStream);

    private readonly Option<string> _signalChannel = Channel("--signal-channel", "Aeron channel of the signals");
    private readonly Option<long> _signalStream =
        Stream("--signal-stream", "Aeron stream of the signals", AeronOptions.DefaultSignalStream);

    private readonly Option<string> _requestChannel = Channel("--request-channel", "Aeron channel of questions");
    private readonly Option<long> _requestStream = Stream(
        "--request-stream", "Aeron stream of questions: what would an order cost?", AeronOptions.DefaultRequestStream);

    private readonly Option<string> _answerChannel = Channel("--answer-channel", "Aeron channel of their answers");
    private readonly Option<long> _answerStream =
        Stream("--answer-stream", "Aeron stream of their answers", AeronOptions.DefaultAnswerStream);

    /// <summary>A set; nothing is added to a command yet.</summary>
    /// <param name="directoryDescription">What the command does without <c>--aeron-dir</c>.</param>
    public AeronOptionSet(string directoryDescription) => _directory = Directory(directoryDescription);

    /// <summary>Adds the directory, and the options of the streams the command uses.</summary>
    public void AddTo(Command command, bool feed = false, bool signals = false, bool questions = false)
    {
        command.Options.Add(_directory);
        if (feed)
        {
            command.Options.Add(_feedChannel);
            command.Options.Add(_feedStream);
        }

        if (signals)
        {
            command.Options.Add(_signalChannel);
            command.Options.Add(_signalStream);
        }

        if (questions)
        {
            command.Options.Add(_requestChannel);
            command.Options.Add(_requestStream);
            command.Options.Add(_answerChannel);
            command.Options.Add(_answerStream);
        }
    }

    /// <summary>What the user gave; defaults for the options that the command does not have.</summary>
    public AeronOptions Read(ParseResult parsed) => new()
    {
        Directory = parsed.GetValue(_directory),
        FeedChannel = parsed.GetValue(_feedChannel) ?? AeronOptions.DefaultChannel,
        FeedStream = StreamOf(parsed, _feedStream, AeronOptions.DefaultFeedStream),
        SignalChannel = parsed.GetValue(_signalChannel) ?? AeronOptions.DefaultChannel,
        SignalStream = StreamOf(parsed, _signalStream, AeronOptions.DefaultSignalStream),
        RequestChannel = parsed.GetValue(_requestChannel) ?? AeronOptions.DefaultChannel,
        RequestStream = StreamOf(parsed, _requestStream, AeronOptions.DefaultRequestStream),
        AnswerChannel = parsed.GetValue(_answerChannel) ?? AeronOptions.DefaultChannel,
        AnswerStream = StreamOf(parsed, _answerStream, AeronOptions.DefaultAnswerStream),
    };

    /// <summary>The option that names a driver's directory.</summary>
    public static Option<string?> Directory(string description)
    {
        var option = new Option<string?>("--aeron-dir", "--dir") { Description = description, HelpName = "DIR" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && string.IsNullOrWhiteSpace(result.Tokens[^1].Value))
            {
                result.AddError("--aeron-dir is empty: name a directory, or leave the option out");
            }
        });
        return option;
    }

    private static Option<string> Channel(string name, string description)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = "URI",
            DefaultValueFactory = _ => AeronOptions.DefaultChannel,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !ChannelUri.TryParse(result.Tokens[^1].Value, out _, out var error))
            {
                result.AddError($"{name}: {error}; use 'aeron:ipc' or 'aeron:udp?endpoint=host:port'");
            }
        });
        return option;
    }

    private static int StreamOf(ParseResult parsed, Option<long> option, int defaultValue) =>
        parsed.GetResult(option) is null ? defaultValue : (int)parsed.GetValue(option);

    private static Option<long> Stream(string name, string description, int defaultValue) =>
        CliOption.Whole(name, description, int.MinValue, int.MaxValue, defaultValue);
}
