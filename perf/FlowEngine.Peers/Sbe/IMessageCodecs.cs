namespace FlowEngine.Peers.Sbe;

/// <summary>One message, decoded and encoded by everybody. Ours comes first.</summary>
internal interface IMessageCodecs
{
    string Name { get; }

    GoldenMessage Messages { get; }

    IReadOnlyList<Codec> Decoders { get; }

    /// <summary>None where the message is only read in practice.</summary>
    IReadOnlyList<Codec> Encoders { get; }
}
