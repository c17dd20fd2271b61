Console.WriteLine("dynahug");
