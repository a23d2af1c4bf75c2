namespace FlowEngine.Aeron.Logs;

/// <summary>The bytes of a message, read once from the front.</summary>
internal interface IPayload
{
    /// <summary>Bytes of the whole message.</summary>
    int Length { get; }

    /// <summary>Copies the next bytes.</summary>
    void Read(Span<byte> destination);
}
