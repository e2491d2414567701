using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>A real nginx on a host, answering with the host's name.</summary>
internal sealed class WebServer : IDisposable
{
    private readonly Lan _lan;
    private readonly Host _host;
    private readonly string _directory;
    private Process? _process;

    private WebServer(Lan lan, Host host)
    {
        _lan = lan;
        _host = host;
        _directory = Path.Combine(host.Directory, "nginx");
        Directory.CreateDirectory(_directory);
        File.WriteAllText(Path.Combine(_directory, "nginx.conf"), $$"""
            user root;
            worker_processes 1;
            daemon off;
            pid {{_directory}}/nginx.pid;
            events { worker_connections 64; }
            http {
                access_log off;
                client_body_temp_path {{_directory}}/body;
                proxy_temp_path {{_directory}}/proxy;
                fastcgi_temp_path {{_directory}}/fastcgi;
                uwsgi_temp_path {{_directory}}/uwsgi;
                scgi_temp_path {{_directory}}/scgi;
                server { listen 80; location / { return 200 "{{host.Name}}\n"; } }
            }
            """);
        Start();
    }

    /// <summary>Starts nginx on a host.</summary>
    public static WebServer On(Lan lan, Host host)
    {
        return lan.Keep(new WebServer(lan, host));
    }

    /// <summary>Starts nginx and waits until it answers on the host itself.</summary>
    public void Start()
    {
        _process = _host.StartProcess(["nginx", "-e", Path.Combine(_directory, "error.log"), "-c", Path.Combine(_directory, "nginx.conf")]);
        _process.StandardInput.Close();
        Wait.Until(() => Client.Ask(_host, "127.0.0.1") == _host.Name, 5, $"nginx on {_host.Name}");
        _lan.Say($"{_host.Name}: nginx answers");
    }

    /// <summary>Stops nginx, as an administrator does, and returns when it stopped.</summary>
    public DateTime Stop()
    {
        Process process = _process ?? throw new InvalidOperationException("nginx is not running");
        Shell.Run("kill", "-TERM", Host.ChildOf(process.Id));
        if (!process.WaitForExit(5000))
        {
            throw new TimeoutException("nginx does not stop");
        }

        _process = null;
        DateTime stopped = DateTime.UtcNow;
        process.Dispose();
        _lan.Say(string.Create(CultureInfo.InvariantCulture, $"{_host.Name}: nginx stopped at {stopped:HH:mm:ss.fff}"));
        return stopped;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }
    }
}
