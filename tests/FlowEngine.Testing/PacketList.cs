using FlowEngine.Feeds.Simulation;

namespace FlowEngine.Testing;

/// <summary>Packets of the simulated venue, recorded.</summary>
public sealed class PacketList
{
    /// <summary>Records the first packets of a venue.</summary>
    public PacketList(SimulatorOptions options, int packets)
    {
        var simulator = new MarketSimulator(options);
        var buffer = new byte[simulator.MaxPacketLength];
        Packets = new byte[packets][];
        for (var i = 0; i < packets; i++)
        {
            Packets[i] = buffer[..simulator.NextPacket(buffer, out _)];
        }
    }

    /// <summary>The packets, each in its envelope.</summary>
    public byte[][] Packets { get; }
}
