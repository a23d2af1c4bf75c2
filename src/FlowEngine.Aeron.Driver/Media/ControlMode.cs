namespace FlowEngine.Aeron.Driver.Media;

/// <summary>How the receivers of a channel become known.</summary>
internal enum ControlMode
{
    /// <summary>By the endpoint alone.</summary>
    None,

    /// <summary>By destinations that the application adds.</summary>
    Manual,

    /// <summary>By the status messages that come to the control address.</summary>
    Dynamic,

    /// <summary>By the stream that is answered.</summary>
    Response,
}
