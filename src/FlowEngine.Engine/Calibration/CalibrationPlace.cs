namespace FlowEngine.Engine;

/// <summary>Where slow work is done.</summary>
public enum CalibrationPlace
{
    /// <summary>On a cold thread of its own; what it finds enters the ring whenever it is ready.</summary>
    Thread,

    /// <summary>
    /// On the ingress thread, at boundaries of capture time, while packets wait: equal packets give equal events. Under
    /// a digest.
    /// </summary>
    Stepped,
}
