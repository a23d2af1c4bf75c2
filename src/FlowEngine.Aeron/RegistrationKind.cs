namespace FlowEngine.Aeron;

/// <summary>What a command asked for that the driver has not answered yet.</summary>
internal enum RegistrationKind
{
    Publication,
    ExclusivePublication,
    Subscription,
    Counter,
    StaticCounter,
    SessionId,

    /// <summary>Nothing but an acknowledgement: destinations, rejections.</summary>
    Command,
}
