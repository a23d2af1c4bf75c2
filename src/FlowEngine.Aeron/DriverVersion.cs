namespace FlowEngine.Aeron;

/// <summary>The Aeron version whose contracts are implemented here, and who implements them.</summary>
public static class DriverVersion
{
    /// <summary>Version 1.53.0 as major, minor and patch bytes.</summary>
    public const int Semantic = (1 << 16) | (53 << 8);

    /// <summary>Control protocol 1.0.0.</summary>
    public const int ControlProtocol = 1 << 16;

    /// <summary>Version text of counter labels.</summary>
    public const string Text = "1.53.0";

    /// <summary>What stands where Aeron shows its commit.</summary>
    public const string Commit = "FlowEngine";
}
