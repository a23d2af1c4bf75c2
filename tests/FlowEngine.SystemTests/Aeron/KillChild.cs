using System.Globalization;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Agents;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// The processes that the kill tests kill. Each says a word on stdout when it has come to the point, and ends by itself
/// when its stdin does, so that none outlives the test.
/// </summary>
internal static class KillChild
{
    /// <summary>First argument of the test program that makes it one of these.</summary>
    public const string Word = "child";

    public const string Driver = "driver";
    public const string Publisher = "publisher";
    public const string ExclusivePublisher = "exclusive-publisher";
    public const string Subscriber = "subscriber";
    public const string SlowSubscriber = "slow-subscriber";
    public const string StalledSubscriber = "stalled-subscriber";
    public const string Claimer = "claimer";

    /// <summary>What a child says that is ready, has received its first message, or has claimed.</summary>
    public const string Ready = "ready";

    public const string LeftBehind = "left behind";
    public const string Complete = "complete";

    private const int OrphanedCode = 3;
    private const int DamagedCode = 4;
    private const int FragmentLimit = 20;

    /// <summary>Runs a child: its part, the driver's directory, a channel and a number of messages.</summary>
    public static int Run(string[] args)
    {
        AgentThread.Start("parent-watch", () =>
        {
            Console.In.ReadToEnd();
            Environment.Exit(OrphanedCode);
        });
        var (part, directory, channel) = (args[0], args[1], args[2]);
        if (part == Driver)
        {
            return Drive(directory);
        }

        using var client = AeronClient.Connect(KillSettings.Client(directory));
        switch (part)
        {
            case Publisher:
                using (var publication = client.AddPublication(channel, KillSettings.StreamId))
                {
                    return Publish(client, new KillPublisher(publication));
                }

            case ExclusivePublisher:
                using (var publication = client.AddExclusivePublication(channel, KillSettings.StreamId))
                {
                    return Publish(client, new KillPublisher(publication));
                }

            case Subscriber:
                return Subscribe(client, channel, long.MaxValue, pauseMs: 0);
            case SlowSubscriber:
                return Subscribe(client, channel, long.Parse(args[3], CultureInfo.InvariantCulture), pauseMs: 1);
            case StalledSubscriber:
                return Stall(client, channel);
            case Claimer:
                return Claim(client, channel);
            default:
                return 2;
        }
    }

    private static int Drive(string directory)
    {
        using var driver = MediaDriver.Launch(KillSettings.Driver(directory));
        Console.WriteLine(Ready);
        while (driver.Failure is null)
        {
            Thread.Sleep(10);
        }

        return 1;
    }

    private static int Publish(AeronClient client, KillPublisher publisher)
    {
        Console.WriteLine(Ready);
        while (!client.IsClosed)
        {
            if (publisher.TryNext() < 0)
            {
                Thread.Yield();
            }
        }

        return 1;
    }

    private static int Subscribe(AeronClient client, string channel, long messages, int pauseMs)
    {
        using var subscription = client.AddSubscription(channel, KillSettings.StreamId);
        var stream = new KillStream();
        var handler = stream.CreateHandler();
        var isReady = false;
        while (!client.IsClosed && stream.IsGood)
        {
            if (subscription.Poll(ref handler, pauseMs > 0 ? 1 : FragmentLimit) == 0 || pauseMs > 0)
            {
                Thread.Sleep(pauseMs);
            }

            if (!isReady && stream.First >= 0)
            {
                isReady = true;
                Console.WriteLine(Ready);
            }

            if (stream.Next >= messages)
            {
                Console.WriteLine($"{Complete} {stream.First} {stream.Next}");
                return 0;
            }
        }

        return stream.IsGood ? 1 : DamagedCode;
    }

    private static int Stall(AeronClient client, string channel)
    {
        using var subscription = client.AddSubscription(
            channel, KillSettings.StreamId, onUnavailableImage: _ => Console.WriteLine(LeftBehind));
        var stream = new KillStream();
        var handler = stream.CreateHandler();
        while (stream.First < 0)
        {
            subscription.Poll(ref handler, FragmentLimit);
            Thread.Sleep(0);
        }

        Console.WriteLine(Ready);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int Claim(AeronClient client, string channel)
    {
        using var publication = client.AddPublication(channel, KillSettings.StreamId);
        while (publication.TryClaim(100, out var claim) < 0)
        {
            Thread.Sleep(1);
            claim = default;
        }

        Console.WriteLine(Ready);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
