namespace FlowEngine.Aeron.Driver;

/// <summary>A command cannot be carried out; becomes the client's ON_ERROR.</summary>
internal sealed class CommandException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;
}
