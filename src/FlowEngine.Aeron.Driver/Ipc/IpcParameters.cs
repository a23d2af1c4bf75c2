using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron.Driver;

/// <summary>What an <c>aeron:ipc</c> channel asks for, completed by the driver's defaults.</summary>
internal sealed record IpcParameters
{
    public required ChannelUri Uri { get; init; }

    public required int TermLength { get; init; }

    public required int MtuLength { get; init; }

    public required int WindowLength { get; init; }

    public int? SessionId { get; init; }

    /// <summary>Where the stream starts, if the channel says so.</summary>
    public (int InitialTermId, int TermId, int TermOffset)? Start { get; init; }

    public required long LingerNs { get; init; }

    public required bool IsSparse { get; init; }

    public required bool SignalsEos { get; init; }

    /// <summary>The same channel as a subscription reads it.</summary>
    public required SubscriptionParameters Subscription { get; init; }

    public static bool IsMtu(int length) =>
        length is > DataFrame.HeaderLength and <= 65504 && length % DataFrame.Alignment == 0;

    /// <summary>Parses and checks a channel.</summary>
    /// <exception cref="CommandException">The channel is invalid or not supported.</exception>
    public static IpcParameters Resolve(ReadOnlySpan<byte> channel, MediaDriverContext context)
    {
        var text = System.Text.Encoding.Latin1.GetString(channel);
        if (!ChannelUri.TryParse(text, out var uri, out var error))
        {
            throw new CommandException(ErrorCode.InvalidChannel, error);
        }

        if (!uri.IsIpc)
        {
            var media = uri.IsSpy ? "aeron-spy" : "aeron:udp";
            throw new CommandException(ErrorCode.NotSupported, $"{media} is not supported by this driver yet: {text}");
        }

        try
        {
            return Resolve(uri, context);
        }
        catch (FormatException exception)
        {
            throw new CommandException(ErrorCode.InvalidChannel, exception.Message);
        }
    }

    private static IpcParameters Resolve(ChannelUri uri, MediaDriverContext context)
    {
        var termLength = uri.Size("term-length") ?? context.IpcTermBufferLength;
        Require(
            termLength <= int.MaxValue && LogBufferDescriptor.IsTermLength((int)termLength),
            uri,
            $"term-length {termLength} is not a power of two from 64k to 1g");
        var mtu = uri.Size("mtu") ?? context.IpcMtuLength;
        Require(mtu <= int.MaxValue && IsMtu((int)mtu), uri, $"mtu {mtu} is not a multiple of 32 from 64 to 65504");
        var window = uri.Size("pub-wnd") ?? context.IpcPublicationWindowLength;
        Require(
            window == 0 || (window >= mtu && (uri["pub-wnd"] is null || window <= termLength / 2)),
            uri,
            $"pub-wnd {window} is not between the mtu {mtu} and half the term length {termLength}");
        Require(uri["control-mode"] is null, uri, "control-mode is not supported on aeron:ipc");
        return new IpcParameters
        {
            Uri = uri,
            TermLength = (int)termLength,
            MtuLength = (int)mtu,
            WindowLength = (int)(window == 0 ? termLength / 2 : Math.Min(window, termLength / 2)),
            SessionId = uri.Int32("session-id"),
            Start = ResolveStart(uri, (int)termLength),
            LingerNs = uri.DurationNs("linger") ?? context.PublicationLingerTimeoutNs,
            IsSparse = uri.Bool("sparse") ?? context.TermBufferSparse,
            SignalsEos = uri.Bool("eos") ?? true,
            Subscription = SubscriptionParameters.Resolve(uri, context),
        };
    }

    private static (int InitialTermId, int TermId, int TermOffset)? ResolveStart(ChannelUri uri, int termLength)
    {
        var initialTermId = uri.Int32("init-term-id");
        var termId = uri.Int32("term-id");
        var termOffset = uri.Int32("term-offset");
        if (initialTermId is null && termId is null && termOffset is null)
        {
            return null;
        }

        Require(
            initialTermId is not null && termId is not null && termOffset is not null,
            uri,
            "init-term-id, term-id and term-offset come all three or not at all");
        Require(
            termOffset >= 0 && termOffset <= termLength && termOffset % DataFrame.Alignment == 0,
            uri,
            $"term-offset {termOffset} is not a multiple of 32 within the term of {termLength}");
        var termCount = unchecked(termId!.Value - initialTermId!.Value);
        Require(termCount >= 0, uri, $"term-id {termId} lies before init-term-id");
        return (initialTermId.Value, termId.Value, termOffset!.Value);
    }

    private static void Require(bool holds, ChannelUri uri, string message)
    {
        if (!holds)
        {
            throw new CommandException(ErrorCode.InvalidChannel, $"{message}: {uri}");
        }
    }
}
